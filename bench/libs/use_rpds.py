"""use_rpds.py LIBRARY: a persistent map and a list of rpds, filled and read."""

import importlib.util
import sys

spec = importlib.util.spec_from_file_location("rpds", sys.argv[1])
rpds = importlib.util.module_from_spec(spec)
spec.loader.exec_module(rpds)
table, line = rpds.HashTrieMap(), rpds.List()
for i in range(60000):
    table = table.insert(i * 7919 % 65521, i)
    line = line.push_front(i)
print(sum(table[k] for k in table), len(line))

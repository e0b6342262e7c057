#ifndef HONE_RUN_HTTP_H
#define HONE_RUN_HTTP_H
/* As much network as asking a server on this machine whether it is there. */
#include "buf.h"
#include "err.h"

/* A TCP port of 127.0.0.1 that nobody listens on at this moment. */
int hone_port_free(unsigned *ret_port, struct hone_err *err);
/* Does somebody accept connections on 127.0.0.1:port within wait_ns? */
bool hone_port_answers(unsigned port, int64_t wait_ns);
/* GET path of 127.0.0.1:port (HTTP/1.0, so that the body comes in one piece). Returns the status code, or -1 when there
 * was no proper answer within wait_ns. body (may be NULL) gets what follows the header, at most up to
 * its limit. */
int hone_http_get(unsigned port, const char *path, int64_t wait_ns, struct hone_buf *body);

#endif

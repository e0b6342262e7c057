// The parts of d3 that the page of `cargo hone report` draws with.
export { hierarchy, treemap } from "d3-hierarchy";
export { scaleLinear, scaleLog } from "d3-scale";

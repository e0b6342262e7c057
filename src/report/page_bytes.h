#ifndef HONE_REPORT_PAGE_BYTES_H
#define HONE_REPORT_PAGE_BYTES_H
/* The files of page/, and the parts of d3 in vendor/d3/, as they are; written by the build. */
#include <stddef.h>

extern const unsigned char hone_page_html[], hone_page_css[], hone_page_d3[], hone_page_js[],
	hone_page_charts_js[], hone_page_bytes_js[];
extern const size_t hone_page_html_size, hone_page_css_size, hone_page_d3_size, hone_page_js_size,
	hone_page_charts_js_size, hone_page_bytes_js_size;

#endif

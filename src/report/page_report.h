#ifndef HONE_REPORT_PAGE_REPORT_H
#define HONE_REPORT_PAGE_REPORT_H
/* A run as one HTML file that needs nothing else: a fixed page (page/), and the run as JSON in it. */
#include "jsonw.h"
#include "result_page.h"

/* What a page of hone's begins with, to be known again. */
#define HONE_PAGE_MARK "<!doctype html><!-- made by cargo hone report -->"

void hone_page_write(struct hone_buf *to, const struct hone_result_page *page);

#endif

#include <stddef.h>

/// Bytes of a part of the dashboard's page.
typedef struct {
    const unsigned char *bytes;
    size_t count;
} dashboard_file;

/// `index.html`, with places for the two others.
dashboard_file dashboard_html(void);

/// `dashboard.css`
dashboard_file dashboard_css(void);

/// The files of `Script`, one after the other.
dashboard_file dashboard_js(void);

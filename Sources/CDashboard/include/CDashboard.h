#include <stddef.h>

/// Bytes of a file of the dashboard's page.
typedef struct {
    const unsigned char *bytes;
    size_t count;
} dashboard_file;

/// `index.html`, with places for the two others.
dashboard_file dashboard_html(void);

/// `dashboard.css`
dashboard_file dashboard_css(void);

/// `dashboard.js`
dashboard_file dashboard_js(void);

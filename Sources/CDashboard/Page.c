#include "CDashboard.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// Each text ends in a zero, which keeps an empty one from being an array of no elements; it is not counted.

static const unsigned char html[] = {
#embed "../PorticoGateway/Dashboard/Page/index.html" suffix(, 0) if_empty(0)
};

static const unsigned char css[] = {
#embed "../PorticoGateway/Dashboard/Page/dashboard.css" suffix(, 0) if_empty(0)
};

static const unsigned char js[] = {
#embed "../PorticoGateway/Dashboard/Page/dashboard.js" suffix(, 0) if_empty(0)
};

dashboard_file dashboard_html(void) {
    return (dashboard_file){html, sizeof html - 1};
}

dashboard_file dashboard_css(void) {
    return (dashboard_file){css, sizeof css - 1};
}

dashboard_file dashboard_js(void) {
    return (dashboard_file){js, sizeof js - 1};
}

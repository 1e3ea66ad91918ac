#include "CDashboard.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// Each text ends in a zero, which keeps an empty one from being an array of no elements; it is not counted.

static const unsigned char html[] = {
#embed "../PorticoGateway/Dashboard/Page/index.html" suffix(, 0) if_empty(0)
};

static const unsigned char css[] = {
#embed "../PorticoGateway/Dashboard/Page/dashboard.css" suffix(, 0) if_empty(0)
};

// One script of these files in this order: what a file says at its top level may use what stands before it.
static const unsigned char js[] = {
#embed "../PorticoGateway/Dashboard/Page/Script/elements.js" suffix(,)
#embed "../PorticoGateway/Dashboard/Page/Script/units.js" suffix(,)
#embed "../PorticoGateway/Dashboard/Page/Script/series.js" suffix(,)
#embed "../PorticoGateway/Dashboard/Page/Script/state.js" suffix(,)
#embed "../PorticoGateway/Dashboard/Page/Script/feed.js" suffix(,)
#embed "../PorticoGateway/Dashboard/Page/Script/connection.js" suffix(,)
#embed "../PorticoGateway/Dashboard/Page/Script/overview.js" suffix(,)
#embed "../PorticoGateway/Dashboard/Page/Script/charts.js" suffix(,)
#embed "../PorticoGateway/Dashboard/Page/Script/chart-drawing.js" suffix(,)
#embed "../PorticoGateway/Dashboard/Page/Script/tables.js" suffix(,)
#embed "../PorticoGateway/Dashboard/Page/Script/routes.js" suffix(,)
#embed "../PorticoGateway/Dashboard/Page/Script/requests.js" suffix(,)
#embed "../PorticoGateway/Dashboard/Page/Script/request.js" suffix(,)
#embed "../PorticoGateway/Dashboard/Page/Script/choices.js" suffix(,)
    0
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

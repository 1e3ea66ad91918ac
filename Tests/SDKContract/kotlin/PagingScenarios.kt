import portico.contract.model.Thing
import portico.contract.model.ThingPage
import portico.contract.runtime.SuspendItems

/** Pages of a list. */
val pagingScenarios: Map<String, Scenario> = mapOf(
    "paging.items" to { ids(gateway().listThingsPages().items()) },
    "paging.pages" to {
        val sizes = mutableListOf<Int>()
        for (page in gateway().listThingsPages(limit = 2)) {
            sizes += page.things().size
        }
        sizes
    },
    "paging.lazy" to {
        val first = gateway().listThingsPages().items().iterator().next()
        mapOf("id" to first.id(), "attempts" to attempts)
    },
    "paging.loop" to { failure { ids(gateway().listThingsPages(mode = "loop").items()) } },
    "paging.resume" to { ids(gateway().listThingsPages(token = "page 2&more").items()) },
)

private suspend fun ids(things: SuspendItems<ThingPage, Thing>): List<String> {
    val ids = mutableListOf<String>()
    for (thing in things) {
        ids += thing.id()
    }
    return ids
}

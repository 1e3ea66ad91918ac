import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import portico.contract.model.ListThingsRequest;
import portico.contract.model.Thing;
import portico.contract.model.ThingPage;

/** Pages of a list. */
final class PagingScenarios {
    private PagingScenarios() {}

    static void addTo(Map<String, Kit.Scenario> scenarios) {
        scenarios.put("paging.items", kit -> ids(kit.gateway().listThingsPages().items()));
        scenarios.put("paging.pages", kit -> {
            List<Object> sizes = new ArrayList<>();
            for (ThingPage page : kit.gateway().listThingsPages(ListThingsRequest.builder().limit(2).build())) {
                sizes.add(page.things().size());
            }
            // The same without a thread that waits.
            List<Object> later = new ArrayList<>();
            kit.gateway().listThingsPages(ListThingsRequest.builder().limit(2).build())
                .forEachAsync(page -> later.add(page.things().size())).join();
            return later.equals(sizes) ? sizes : List.of(sizes, later);
        });
        scenarios.put("paging.lazy", kit -> {
            Thing first = kit.gateway().listThingsPages().items().iterator().next();
            return Kit.map("id", first.id(), "attempts", kit.attempts);
        });
        scenarios.put("paging.loop", kit -> Kit.failure(
            () -> ids(kit.gateway().listThingsPages(ListThingsRequest.builder().mode("loop").build()).items())));
        scenarios.put("paging.resume", kit -> kit.gateway()
            .listThingsPages(ListThingsRequest.builder().token("page 2&more").build()).itemStream().map(Thing::id)
            .collect(Collectors.toList()));
    }

    private static List<String> ids(Iterable<Thing> things) {
        List<String> ids = new ArrayList<>();
        things.forEach(thing -> ids.add(thing.id()));
        return ids;
    }
}

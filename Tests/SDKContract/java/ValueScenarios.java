import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import portico.contract.model.Answer;
import portico.contract.model.Circle;
import portico.contract.model.Collections;
import portico.contract.model.Color;
import portico.contract.model.NamedThing;
import portico.contract.model.Nullables;
import portico.contract.model.OpenThing;
import portico.contract.model.Problem;
import portico.contract.model.Scalars;
import portico.contract.model.Shape;
import portico.contract.model.Square;
import portico.contract.model.Thing;
import portico.contract.model.Times;
import portico.contract.model.Tree;
import portico.contract.runtime.Bytes;
import portico.contract.runtime.Field;
import portico.contract.runtime.JsonValue;
import portico.contract.runtime.Response;

/** Values of every type, there and back. */
final class ValueScenarios {
    private static final long WHOLE = 9007199254740991L;

    private ValueScenarios() {}

    static void addTo(Map<String, Kit.Scenario> scenarios) {
        scenarios.put("values.scalars", kit -> scalars(kit.gateway().raw().echoScalars(
            Scalars.builder().text("A \u00fc \ud83d\ude00 \" \\ / \n \0 </script> \u2028").flag(true)
                .small(Integer.MAX_VALUE).big(Long.MAX_VALUE).whole(WHOLE).ratio(0.1)
                .when(Instant.parse("2024-02-29T23:59:59.120Z")).day(LocalDate.of(2024, 2, 29))
                .data(Bytes.of((byte) 0, (byte) 255, (byte) 254)).color(Color.DARK_BLUE).build())));
        scenarios.put("values.least", kit -> scalars(kit.gateway().raw().echoScalars(
            Scalars.builder().text("").flag(false).small(Integer.MIN_VALUE).big(Long.MIN_VALUE).whole(-WHOLE)
                .ratio(-1.5e300).when(Instant.EPOCH).day(LocalDate.EPOCH).data(Bytes.of())
                .color(Color.of("ultraviolet")).build())));
        scenarios.put("values.unknown",
            kit -> scalars(kit.gateway().raw().echoScalars(kit.gateway().readScalars())));
        scenarios.put("values.times", kit -> {
            Times times = kit.gateway().readTimes();
            return Kit.map("times", times.times().stream().map(Instant::toEpochMilli).collect(Collectors.toList()),
                "days", times.days());
        });
        scenarios.put("values.nullable-write", kit -> {
            Nullables absent = Nullables.builder().must(null).build();
            Nullables nulls = Nullables.builder().must(null).may(Field.ofNull()).number(Field.ofNull())
                .thing(Field.ofNull()).build();
            Nullables values = Nullables.builder().must("m").plain("p").may("").number(0L).thing(Kit.thing("t"))
                .build();
            List<Object> results = new ArrayList<>();
            for (Nullables next : List.of(absent, nulls, values)) {
                results.add(Kit.map("wire", kit.gateway().raw().echoNullables(next).text()));
            }
            return results;
        });
        scenarios.put("values.nullable-read", kit -> {
            List<Object> results = new ArrayList<>();
            for (String state : List.of("absent", "null", "value")) {
                Nullables read = kit.gateway().readNullables(state);
                results.add(Kit.map("must", read.must().isPresent() ? "value" : "null", "plain",
                    read.plain().isPresent() ? "value" : "absent", "may", state(read.may()), "number",
                    state(read.number()), "thing", state(read.thing())));
            }
            return results;
        });
        scenarios.put("values.open", ValueScenarios::open);
        scenarios.put("values.collections", ValueScenarios::collections);
        scenarios.put("values.empty", kit -> {
            Response<Collections> response = kit.gateway().raw().echoCollections(Collections.builder().build());
            return Kit.map("wire", response.text(), "matrix", response.value().matrix().orElse(null), "labels",
                response.value().labels().orElse(null));
        });
        scenarios.put("values.tree", kit -> {
            Tree third = Tree.builder().value(3).build();
            Response<Tree> response = kit.gateway().raw().echoTree(Tree.builder().value(1)
                .next(Tree.builder().value(2).next(third).build())
                .children(List.of(Tree.builder().value(4).build(),
                    Tree.builder().value(5).children(List.of()).build())).build());
            return Kit.map("wire", response.text(), "deep",
                response.value().next().flatMap(Tree::next).map(Tree::value).orElse(null));
        });
        scenarios.put("values.merged", kit -> {
            Response<NamedThing> response = kit.gateway().raw().echoMerged(
                NamedThing.builder().id("i").count(2).name("n").build());
            NamedThing value = response.value();
            return Kit.map("wire", response.text(), "id", value.id(), "count", value.count().orElse(null), "name",
                value.name());
        });
        scenarios.put("values.shapes-write", kit -> shapes(kit, List.of(
            Shape.ofCircle(Circle.builder().kind("circle").radius(1.5).build()),
            Shape.ofCircle(Circle.builder().kind("round").radius(0.5).build()),
            Shape.ofSquare(Square.builder().kind("square").side(3).build()))));
        scenarios.put("values.shapes-read", kit -> shapes(kit, kit.gateway().readShapes()));
        scenarios.put("values.answers-write", kit -> answers(kit, List.of(
            Answer.ofString("t"), Answer.ofInteger(Long.MIN_VALUE), Answer.ofBoolean(false),
            Answer.ofList(List.of("x")), Answer.ofCircle(Circle.builder().kind("k").radius(0.25).build()),
            Answer.ofProblem(Problem.builder().code("c").message("m").build()))));
        scenarios.put("values.answers-read", kit -> answers(kit, kit.gateway().readAnswers()));
        scenarios.put("values.json", kit -> {
            Map<String, JsonValue> value = new LinkedHashMap<>();
            value.put("n", JsonValue.of(Long.MAX_VALUE));
            value.put("least", JsonValue.of(Long.MIN_VALUE));
            value.put("d", JsonValue.of(0.1));
            value.put("t", JsonValue.of("\u00fc\0"));
            value.put("l", JsonValue.array(JsonValue.of(true), JsonValue.NULL, JsonValue.object(Map.of())));
            value.put("", JsonValue.array());
            return Kit.map("wire", kit.gateway().raw().echoJson(JsonValue.object(value)).text());
        });
    }

    private static Object scalars(Response<Scalars> response) {
        Scalars value = response.value();
        return Kit.map("wire", response.text(), "kind", value.kind(), "text", value.text(), "flag", value.flag(),
            "small", value.small(), "big", Long.toString(value.big()), "whole", Long.toString(value.whole()), "ratio",
            value.ratio(), "when", value.when().toEpochMilli(), "day", value.day(), "data", value.data(), "color",
            value.color());
    }

    private static String state(Field<?> field) {
        return field.isAbsent() ? "absent" : field.isNull() ? "null" : "value";
    }

    private static Object open(Kit kit) {
        Map<String, JsonValue> loose = new LinkedHashMap<>();
        loose.put("list", JsonValue.parse("[1, 0.5, null, \"t\", true]"));
        loose.put("big", JsonValue.of(Long.MAX_VALUE));
        Map<String, Long> additional = new LinkedHashMap<>();
        additional.put("extra", Long.MAX_VALUE);
        additional.put("more", -1L);
        Response<OpenThing> response = kit.gateway().raw().echoOpen(
            OpenThing.builder().name("n").loose(loose).additionalProperties(additional).build());
        OpenThing value = response.value();
        return Kit.map("wire", response.text(), "name", value.name(), "extra",
            Long.toString(value.additionalProperties().get("extra")), "names",
            new TreeSet<>(value.additionalProperties().keySet()));
    }

    private static Object collections(Kit kit) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("a", "b");
        labels.put("", "c d");
        Map<String, List<Thing>> groups = new LinkedHashMap<>();
        groups.put("g", List.of(Thing.builder().id("x").count(1).build()));
        groups.put("h", List.of());
        Response<Collections> response = kit.gateway().raw().echoCollections(Collections.builder()
            .matrix(List.of(List.of(1, 2), List.of(), List.of(3))).labels(labels).groups(groups)
            .colors(List.of(Color.RED, Color.DARK_BLUE, Color.of("infrared"))).maybes(Arrays.asList("a", null))
            .days(Map.of("d", LocalDate.of(2024, 2, 29))).build());
        Collections value = response.value();
        Optional<LocalDate> day = value.days().map(days -> days.get("d"));
        return Kit.map("wire", response.text(), "matrix", value.matrix().orElse(null), "maybes",
            value.maybes().orElse(null), "colors", value.colors().orElse(null), "day", day.orElse(null));
    }

    private static Object shapes(Kit kit, List<Shape> shapes) {
        Response<List<Shape>> response = kit.gateway().raw().echoShapes(shapes);
        Map<Shape.Kind, String> names = Map.of(
            Shape.Kind.CIRCLE, "Circle", Shape.Kind.SQUARE, "Square", Shape.Kind.UNKNOWN, "unknown");
        return Kit.map("wire", response.text(), "variants",
            response.value().stream().map(shape -> names.get(shape.kind())).collect(Collectors.toList()));
    }

    private static Object answers(Kit kit, List<Answer> answers) {
        Response<List<Answer>> response = kit.gateway().raw().echoAnswers(answers);
        Map<Answer.Kind, String> names = Map.of(
            Answer.Kind.STRING, "string", Answer.Kind.INTEGER, "integer", Answer.Kind.BOOLEAN, "boolean",
            Answer.Kind.LIST, "list", Answer.Kind.CIRCLE, "Circle", Answer.Kind.PROBLEM, "Problem",
            Answer.Kind.UNKNOWN, "unknown");
        return Kit.map("wire", response.text(), "variants",
            response.value().stream().map(answer -> names.get(answer.kind())).collect(Collectors.toList()));
    }
}

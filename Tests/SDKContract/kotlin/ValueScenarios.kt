import java.time.Instant
import java.time.LocalDate
import kotlin.jvm.optionals.getOrNull
import portico.contract.model.Answer
import portico.contract.model.Circle
import portico.contract.model.Collections
import portico.contract.model.Color
import portico.contract.model.NamedThing
import portico.contract.model.Nullables
import portico.contract.model.OpenThing
import portico.contract.model.Problem
import portico.contract.model.Scalars
import portico.contract.model.Shape
import portico.contract.model.Square
import portico.contract.model.Thing
import portico.contract.model.Tree
import portico.contract.runtime.Bytes
import portico.contract.runtime.Field
import portico.contract.runtime.JsonValue
import portico.contract.runtime.Response

private const val WHOLE = 9007199254740991L

/** Values of every type, there and back. */
val valueScenarios: Map<String, Scenario> = mapOf(
    "values.scalars" to {
        val value = Scalars {
            text("A \u00fc \ud83d\ude00 \" \\ / \n \u0000 </script> \u2028")
            flag(true)
            small(Int.MAX_VALUE)
            big(Long.MAX_VALUE)
            whole(WHOLE)
            ratio(0.1)
            `when`(Instant.parse("2024-02-29T23:59:59.120Z"))
            day(LocalDate.of(2024, 2, 29))
            data(Bytes.of(0, -1, -2))
            color(Color.DARK_BLUE)
        }
        scalars(gateway().raw.echoScalars(value))
    },
    "values.least" to {
        val value = Scalars {
            text("")
            flag(false)
            small(Int.MIN_VALUE)
            big(Long.MIN_VALUE)
            whole(-WHOLE)
            ratio(-1.5e300)
            `when`(Instant.EPOCH)
            day(LocalDate.EPOCH)
            data(Bytes.of())
            color(Color.of("ultraviolet"))
        }
        scalars(gateway().raw.echoScalars(value))
    },
    "values.unknown" to { scalars(gateway().raw.echoScalars(gateway().readScalars())) },
    "values.times" to {
        val times = gateway().readTimes()
        mapOf("times" to times.times().map { it.toEpochMilli() }, "days" to times.days())
    },
    "values.nullable-write" to {
        val absent = Nullables { must(null) }
        val nulls = Nullables {
            must(null)
            may(Field.ofNull())
            number(Field.ofNull())
            thing(Field.ofNull())
        }
        val values = Nullables {
            must("m")
            plain("p")
            may("")
            number(0L)
            thing(thing("t"))
        }
        listOf(absent, nulls, values).map { mapOf("wire" to gateway().raw.echoNullables(it).text()) }
    },
    "values.nullable-read" to {
        listOf("absent", "null", "value").map { state ->
            val read = gateway().readNullables(state)
            mapOf(
                "must" to if (read.must().isPresent) "value" else "null",
                "plain" to if (read.plain().isPresent) "value" else "absent",
                "may" to state(read.may()),
                "number" to state(read.number()),
                "thing" to state(read.thing()),
            )
        }
    },
    "values.open" to {
        val sent = OpenThing {
            name("n")
            loose(
                mapOf(
                    "list" to JsonValue.parse("[1, 0.5, null, \"t\", true]"),
                    "big" to JsonValue.of(Long.MAX_VALUE),
                ),
            )
            additionalProperties(mapOf("extra" to Long.MAX_VALUE, "more" to -1L))
        }
        val response = gateway().raw.echoOpen(sent)
        val value = response.value()
        mapOf(
            "wire" to response.text(),
            "name" to value.name(),
            "extra" to value.additionalProperties()["extra"].toString(),
            "names" to value.additionalProperties().keys.sorted(),
        )
    },
    "values.collections" to {
        val sent = Collections {
            matrix(listOf(listOf(1, 2), listOf(), listOf(3)))
            labels(mapOf("a" to "b", "" to "c d"))
            groups(
                mapOf(
                    "g" to listOf(
                        Thing {
                            id("x")
                            count(1)
                        },
                    ),
                    "h" to listOf(),
                ),
            )
            colors(listOf(Color.RED, Color.DARK_BLUE, Color.of("infrared")))
            maybes(listOf("a", null))
            days(mapOf("d" to LocalDate.of(2024, 2, 29)))
        }
        val response = gateway().raw.echoCollections(sent)
        val value = response.value()
        mapOf(
            "wire" to response.text(),
            "matrix" to value.matrix().getOrNull(),
            "maybes" to value.maybes().getOrNull(),
            "colors" to value.colors().getOrNull(),
            "day" to value.days().getOrNull()?.get("d"),
        )
    },
    "values.empty" to {
        val response = gateway().raw.echoCollections(Collections {})
        mapOf(
            "wire" to response.text(),
            "matrix" to response.value().matrix().getOrNull(),
            "labels" to response.value().labels().getOrNull(),
        )
    },
    "values.tree" to {
        val sent = Tree {
            value(1)
            next(
                Tree {
                    value(2)
                    next(Tree { value(3) })
                },
            )
            children(
                listOf(
                    Tree { value(4) },
                    Tree {
                        value(5)
                        children(listOf())
                    },
                ),
            )
        }
        val response = gateway().raw.echoTree(sent)
        val deep = response.value().next().flatMap { it.next() }.getOrNull()
        mapOf("wire" to response.text(), "deep" to deep?.value())
    },
    "values.merged" to {
        val sent = NamedThing {
            id("i")
            count(2)
            name("n")
        }
        val response = gateway().raw.echoMerged(sent)
        val value = response.value()
        mapOf(
            "wire" to response.text(),
            "id" to value.id(),
            "count" to value.count().getOrNull(),
            "name" to value.name(),
        )
    },
    "values.shapes-write" to {
        val square = Square {
            kind("square")
            side(3.0)
        }
        shapes(listOf(circle("circle", 1.5), circle("round", 0.5)).map(Shape::ofCircle) + Shape.ofSquare(square))
    },
    "values.shapes-read" to { shapes(gateway().readShapes()) },
    "values.answers-write" to {
        val problem = Problem {
            code("c")
            message("m")
        }
        answers(
            listOf(
                Answer.ofString("t"),
                Answer.ofInteger(Long.MIN_VALUE),
                Answer.ofBoolean(false),
                Answer.ofList(listOf("x")),
                Answer.ofCircle(circle("k", 0.25)),
                Answer.ofProblem(problem),
            ),
        )
    },
    "values.answers-read" to { answers(gateway().readAnswers()) },
    "values.json" to {
        val value = mapOf(
            "n" to JsonValue.of(Long.MAX_VALUE),
            "least" to JsonValue.of(Long.MIN_VALUE),
            "d" to JsonValue.of(0.1),
            "t" to JsonValue.of("\u00fc\u0000"),
            "l" to JsonValue.array(JsonValue.of(true), JsonValue.NULL, JsonValue.`object`(mapOf())),
            "" to JsonValue.array(),
        )
        mapOf("wire" to gateway().raw.echoJson(JsonValue.`object`(value)).text())
    },
)

private fun scalars(response: Response<Scalars>): Map<String, Any?> {
    val value = response.value()
    return mapOf(
        "wire" to response.text(),
        "kind" to value.kind(),
        "text" to value.text(),
        "flag" to value.flag(),
        "small" to value.small(),
        "big" to value.big().toString(),
        "whole" to value.whole().toString(),
        "ratio" to value.ratio(),
        "when" to value.`when`().toEpochMilli(),
        "day" to value.day(),
        "data" to value.data(),
        "color" to value.color(),
    )
}

private fun state(field: Field<*>): String = when {
    field.isAbsent -> "absent"
    field.isNull -> "null"
    else -> "value"
}

private fun circle(kind: String, radius: Double): Circle = Circle {
    kind(kind)
    radius(radius)
}

private suspend fun Kit.shapes(shapes: List<Shape>): Map<String, Any?> {
    val response = gateway().raw.echoShapes(shapes)
    val variants = response.value().map { shape ->
        when (shape.kind()!!) {
            Shape.Kind.CIRCLE -> "Circle"
            Shape.Kind.SQUARE -> "Square"
            Shape.Kind.UNKNOWN -> "unknown"
        }
    }
    return mapOf("wire" to response.text(), "variants" to variants)
}

private suspend fun Kit.answers(answers: List<Answer>): Map<String, Any?> {
    val response = gateway().raw.echoAnswers(answers)
    val variants = response.value().map { answer ->
        when (answer.kind()!!) {
            Answer.Kind.STRING -> "string"
            Answer.Kind.INTEGER -> "integer"
            Answer.Kind.BOOLEAN -> "boolean"
            Answer.Kind.LIST -> "list"
            Answer.Kind.CIRCLE -> "Circle"
            Answer.Kind.PROBLEM -> "Problem"
            Answer.Kind.UNKNOWN -> "unknown"
        }
    }
    return mapOf("wire" to response.text(), "variants" to variants)
}

# frozen_string_literal: true

include Contract::Models # rubocop:disable Style/MixinUsage

def scalars(response)
  value = response.value
  {
    wire: wire(response), kind: value.kind, text: value.text, flag: value.flag, small: value.small,
    big: value.big.to_s, whole: value.whole.to_s, ratio: value.ratio, when: milliseconds(value.when_),
    day: value.day.iso8601, data: base64(value.data), color: value.color
  }
end

def variants(response)
  names = response.value.map do |value|
    case value
    when Contract::UnknownVariant then "unknown"
    when Contract::Structure then value.class.name[/\w+\z/]
    when String then "string"
    when Integer then "integer"
    when Array then "list"
    when true, false then "boolean"
    end
  end
  { wire: wire(response), variants: names }
end

Scenario.define("values.scalars") do
  scalars(
    gateway.echo_scalars_with_response(
      body: Scalars.new(
        text: "A ü 😀 \" \\ / \n \u0000 </script> \u2028", flag: true, small: 2_147_483_647,
        big: 9_223_372_036_854_775_807, whole: 9_007_199_254_740_991, ratio: 0.1,
        when_: Time.utc(2024, 2, 29, 23, 59, 59.12r), day: Date.new(2024, 2, 29), data: "\x00\xFF\xFE".b,
        color: Color::DARK_BLUE
      )
    )
  )
end
Scenario.define("values.least") do
  scalars(
    gateway.echo_scalars_with_response(
      body: Scalars.new(
        text: "", flag: false, small: -2_147_483_648, big: -9_223_372_036_854_775_808,
        whole: -9_007_199_254_740_991, ratio: -1.5e300, when_: Time.at(0), day: Date.new(1970, 1, 1), data: "",
        color: "ultraviolet"
      )
    )
  )
end
Scenario.define("values.unknown") do
  client = gateway
  scalars(client.echo_scalars_with_response(body: client.read_scalars))
end
Scenario.define("values.times") do
  value = gateway.read_times
  { times: value.times.map { |time| milliseconds(time) }, days: value.days.map(&:iso8601) }
end
Scenario.define("values.nullable-write") do
  [
    Nullables.new(must: nil),
    Nullables.new(must: nil, may: nil, number: nil, thing: nil),
    Nullables.new(must: "m", plain: "p", may: "", number: 0, thing: thing("t"))
  ].map { |value| { wire: wire(gateway.echo_nullables_with_response(body: value)) } }
end
Scenario.define("values.nullable-read") do
  %w[absent null value].map do |state|
    value = gateway.read_nullables(state: state)
    value.class.properties.map(&:name).to_h do |name|
      [name, value.absent?(name) ? "absent" : value.public_send(name).nil? ? "null" : "value"]
    end
  end
end
Scenario.define("values.open") do
  response = gateway.echo_open_with_response(
    body: OpenThing.new(
      name: "n", loose: { "list" => [1, 0.5, nil, "t", true], "big" => 9_223_372_036_854_775_807 },
      additional_properties: { "extra" => 9_223_372_036_854_775_807, "more" => -1 }
    )
  )
  more = response.value.additional_properties
  { wire: wire(response), name: response.value.name, extra: more["extra"].to_s, names: more.keys.sort }
end
Scenario.define("values.collections") do
  response = gateway.echo_collections_with_response(
    body: Collections.new(
      matrix: [[1, 2], [], [3]], labels: { "a" => "b", "" => "c d" },
      groups: { "g" => [thing("x", count: 1)], "h" => [] }, colors: [Color::RED, Color::DARK_BLUE, "infrared"],
      maybes: ["a", nil], days: { "d" => Date.new(2024, 2, 29) }
    )
  )
  value = response.value
  {
    wire: wire(response), matrix: value.matrix, maybes: value.maybes, colors: value.colors,
    day: value.days["d"].iso8601
  }
end
Scenario.define("values.empty") do
  response = gateway.echo_collections_with_response(body: Collections.new)
  { wire: wire(response), matrix: response.value.matrix, labels: response.value.labels }
end
Scenario.define("values.tree") do
  response = gateway.echo_tree_with_response(
    body: Tree.new(
      value: 1, next_: Tree.new(value: 2, next_: Tree.new(value: 3)),
      children: [Tree.new(value: 4), Tree.new(value: 5, children: [])]
    )
  )
  { wire: wire(response), deep: response.value.next_.next_.value }
end
Scenario.define("values.merged") do
  response = gateway.echo_merged_with_response(body: NamedThing.new(id: "i", count: 2, name: "n"))
  value = response.value
  { wire: wire(response), id: value.id, count: value.count, name: value.name }
end
Scenario.define("values.shapes-write") do
  shapes = [
    Circle.new(kind: "circle", radius: 1.5), Circle.new(kind: "round", radius: 0.5),
    Square.new(kind: "square", side: 3)
  ]
  variants(gateway.echo_shapes_with_response(body: shapes))
end
Scenario.define("values.shapes-read") do
  client = gateway
  variants(client.echo_shapes_with_response(body: client.read_shapes))
end
Scenario.define("values.answers-write") do
  answers = [
    "t", -9_223_372_036_854_775_808, false, ["x"], Circle.new(kind: "k", radius: 0.25),
    Problem.new(code: "c", message: "m")
  ]
  variants(gateway.echo_answers_with_response(body: answers))
end
Scenario.define("values.answers-read") do
  client = gateway
  variants(client.echo_answers_with_response(body: client.read_answers))
end
Scenario.define("values.json") do
  value = {
    "n" => 9_223_372_036_854_775_807, "least" => -9_223_372_036_854_775_808, "d" => 0.1, "t" => "ü\u0000",
    "l" => [true, nil, {}], "" => []
  }
  { wire: wire(gateway.echo_json_with_response(body: value)) }
end

# frozen_string_literal: true

Scenario.define("errors.declared") { error { gateway.get_thing(id: "missing") } }
Scenario.define("errors.declared-other") { error { gateway.get_thing(id: "conflict") } }
Scenario.define("errors.default") { error { gateway.get_thing(id: "teapot") } }
Scenario.define("errors.garbled") { error { gateway.get_thing(id: "garbled") } }
Scenario.define("errors.undeclared") { error { gateway.get_undeclared(id: "teapot") } }
Scenario.define("errors.raw") do
  gateway.get_undeclared(id: "missing")
rescue Contract::ResponseError => e
  {
    type: e.headers["Content-Type"], wire: e.raw_body.dup.force_encoding(Encoding::UTF_8),
    requestId: !e.request_id.nil?
  }
end
Scenario.define("errors.gateway-route") { error { gateway("/nothing").get_thing(id: "x") } }
Scenario.define("errors.gateway-key") { error { gateway(api_key: "wrong").call_with_api_key } }
Scenario.define("errors.gateway-denied") { error { gateway(token: "t").call_with_bearer } }
Scenario.define("errors.gateway-validator") do
  error { gateway.create_thing(body: Contract::Models::NewThing.new(name: "")) }
end
Scenario.define("errors.decoding-type") { error { gateway.read_broken(kind: "type") } }
Scenario.define("errors.decoding-missing") { error { gateway.read_broken(kind: "missing") } }
Scenario.define("errors.decoding-overflow") { error { gateway.read_broken(kind: "overflow") } }
Scenario.define("errors.decoding-text") { error { gateway.read_broken(kind: "text") } }
Scenario.define("errors.redirect") { recorded(:attempts) { gateway.call_redirect } }

Scenario.define("calls.created") { gateway.create_thing(body: Contract::Models::NewThing.new(name: "n")).name }
Scenario.define("calls.several") do
  %w[x new later].map do |id|
    response = gateway.put_thing_with_response(id: id, body: thing("q"))
    { status: response.status, id: response.value&.id }
  end
end
Scenario.define("calls.nothing") do
  [gateway.delete_thing_with_response(id: "x").status, gateway.head_thing_with_response(id: "x").status]
end
Scenario.define("calls.raw") do
  response = gateway.get_thing_with_response(id: "x")
  {
    status: response.status, type: response.headers["CONTENT-TYPE"], requestId: !response.request_id.nil?,
    wire: wire(response), id: response.value.id, count: response.value.count
  }
end
Scenario.define("calls.header-twice") do
  headers = gateway.read_headers_with_response.headers
  { multi: headers["X-Multi"], single: headers["X-Single"] }
end
Scenario.define("calls.deprecated") { gateway.call_deprecated.id }
Scenario.define("calls.concurrent") do
  client = gateway
  threads = Array.new(20) { |index| Thread.new { client.get_thing(id: "t#{index}").id == "t#{index}" } }
  threads.count(&:value)
end
Scenario.define("calls.addresses") do
  endpoint = Contract::Endpoint
  [
    endpoint.execute_api(api_id: "abc123", region: "eu-central-1", stage: "prod"),
    endpoint.execute_api(api_id: "abc123", region: "cn-north-1", stage: "prod"),
    endpoint.domain("api.example.com"), endpoint.domain("api.example.com", base_path: "v1")
  ].map { |address| Contract::Client.new(base_url: address).base_url }
end

# frozen_string_literal: true

Scenario.define("refused") { error { connect("#{Scenario::URL}/refuse-403") } }

Scenario.define("garbled") { error { connect("#{Scenario::URL}/garbled") } }

Scenario.define("port") { error { connect(Scenario::REFUSED) } }

Scenario.define("timeout") { error { connect(Scenario::SILENT, timeout: 0.2) } }

Scenario.define("protocol") { connect("#{Scenario::URL}/protocol-b", options: { subprotocols: %w[a b] }).subprotocol }

Scenario.define("protocol-none") { connect.subprotocol }

Scenario.define("protocol-unasked") do
  error { connect("#{Scenario::URL}/protocol-c", options: { subprotocols: ["a"] }) }
end

Scenario.define("key-missing") { error { connect(api_key: nil) } }

Scenario.define("key-wrong") { error { connect(api_key: "contract-key-9876543210") } }

Scenario.define("unauthorized") { error { connect("#{Scenario::URL}/guarded") } }

Scenario.define("denied") { error { connect("#{Scenario::URL}/guarded", trace: "deny") } }

Scenario.define("authorized") { report(connect("#{Scenario::URL}/guarded", trace: "allow"), "caller") }

Scenario.define("break") { error { connect(trace: "a\r\nX: b") } }

# frozen_string_literal: true

# A pipe that a thread writes to: nobody knows how long it is, and it cannot be read twice.
def pipe(*pieces)
  reader, writer = IO.pipe(binmode: true)
  thread = Thread.new do
    pieces.each { |piece| writer.write(piece) }
    writer.close
  end
  yield reader
ensure
  reader.close
  thread.report_on_exception = false
  thread.kill
end

ALL_BYTES = (0..255).to_a.pack("C*")

Scenario.define("wire.path") { echo.call_path(segment: "a b/c%ü~.-_!*'()", rest: "x/y z/%/ü?#").target }
Scenario.define("wire.path-empty") do
  [error { echo.call_path(segment: "", rest: "x") }, error { echo.call_path(segment: "x", rest: "") }]
end
Scenario.define("wire.path-typed") do
  echo.call_typed_path(
    count: 9_223_372_036_854_775_807, day: Date.new(2024, 2, 29), color: Contract::Models::Color::DARK_BLUE
  ).target
end
Scenario.define("wire.base-slash") { echo("/").call_path(segment: "a", rest: "b").target }
Scenario.define("wire.query") do
  echo.call_query(
    text: "a b+c&d=e/f?ü'()*!~", flag: false, count: -1, ratio: 0.5, when_: Time.utc(2024, 2, 29, 23, 59, 59.5r),
    day: Date.new(2024, 2, 29), color: "dark blue", tags: ["a", "b&c", ""], commas: ["a", "b c"], blanks: %w[a b],
    pipes: [1, 2], filter_name: "x"
  ).target
end
Scenario.define("wire.query-none") { echo.call_query.target }
Scenario.define("wire.query-empty") { echo.call_query(text: "", tags: [], commas: []).target }
Scenario.define("wire.headers") do
  headers = echo.call_headers(
    x_required: "a  b", x_flag: true, x_count: -9_223_372_036_854_775_808, x_tags: ["a", "b c"]
  ).headers
  %w[required flag count tags].to_h { |name| [name, headers["x-#{name}"]] }
end
Scenario.define("wire.header-break") do
  ["a\r\nX-Evil: 1", "a\nb"].map { |text| error { echo.call_headers(x_required: text) } }
end
Scenario.define("wire.any") do
  [echo.call_any("PATCH", id: "x", body: thing("y")), echo.call_any("DELETE", id: "x")].map do |answer|
    { method: answer.method_, type: answer.headers["content-type"], wire: echoed(answer) }
  end
end
Scenario.define("wire.user-agent") { echo.call_query.headers["user-agent"] }
Scenario.define("wire.accept") do
  client = echo
  # The echo is JSON, whatever was asked for; the raw form of the text gives it as it is.
  [
    client.call_query_with_response, client.echo_text_with_response(body: "x"),
    client.download_with_response(size: 1)
  ].map { |response| response.headers["x-contract-accept"] }
end
Scenario.define("wire.text") { gateway.echo_text(body: "Grüße\n\"quoted\" \\ 😀") }
Scenario.define("wire.upload") { base64(gateway.upload_bytes(body: ALL_BYTES).data) }
Scenario.define("wire.upload-stream") do
  pieces = Array.new(4) { |index| index.chr.b * 65_536 }
  answer = pipe(*pieces) { |io| echo.stream_bytes(body: io) }
  {
    size: answer.body.bytesize, same: answer.body == pieces.join, encoding: answer.headers["transfer-encoding"],
    type: answer.headers["content-type"]
  }
end
Scenario.define("wire.upload-retried") do
  answer = echo("/flaky").stream_bytes(body: "\x01\x02\x03".b, options: { idempotency_key: "k" })
  { body: base64(answer.body), attempts: attempts }
end
Scenario.define("wire.upload-stream-not-retried") do
  pipe("\x01\x02\x03".b) do |io|
    recorded(:attempts) { echo("/flaky").stream_bytes(body: io, options: { idempotency_key: "k" }) }
  end
end
Scenario.define("wire.download") { base64(echo.download(size: 256)) }
Scenario.define("wire.download-stream") do
  client = echo
  size = 0
  sum = 0
  client.download(size: 1_000_000, hold: "gate") do |piece|
    client.open_gate(name: "gate") if size.zero?
    size += piece.bytesize
    sum += piece.sum(64)
  end
  { size: size, sum: sum }
end
Scenario.define("wire.download-error") { error { gateway("/nothing").download(size: 1) { raise "no body" } } }
Scenario.define("wire.download-broken") do
  size = 0
  result = error { echo("/truncated").download(size: 1000) { |piece| size += piece.bytesize } }
  size == 500 ? result : { size: size }
end

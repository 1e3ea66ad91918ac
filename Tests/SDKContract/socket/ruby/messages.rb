# frozen_string_literal: true

Scenario.define("head") { report(connect(room: "a b&c", tags: ["x", "y z"], trace: "t"), "head") }

Scenario.define("join") do
  socket = connect
  socket.join(SocketContract::Models::Join.new(room: "r", since: Date.new(2024, 2, 29)))
  message = socket.receive(timeout: 30)
  { kind: kind(message), room: message.value.room, members: message.value.members.to_s }
end

Scenario.define("say") do
  socket = connect
  say(socket, "ü 😀")
  message = socket.receive(timeout: 30)
  {
    kind: kind(message), text: message.value.text, at: (message.value.at.to_r * 1000).floor, wire: message.text
  }
end

Scenario.define("wire") do
  socket = connect
  calls = [
    -> { socket.look_around },
    -> { socket.look_around({ "a" => 1, "action" => "x" }) },
    -> { socket.send_anything({ "b" => [nil] }) },
    -> { socket.send_anything([1]) }
  ]
  calls.map do |call|
    call.call
    { wire: texts(socket.receive(timeout: 30)).first }
  end
end

Scenario.define("no-object") do
  socket = connect
  error { socket.look_around([1]) }
end

Scenario.define("kinds") do
  socket = connect
  sent = [
    '{"type":"whispered","text":"w"}',
    '{"room":"r","members":1}',
    Scenario::FAILURE,
    '{"message":"Bad request body","connectionId":"c=","messageId":"m="}',
    '{"type":"other"}',
    '{"type":"said"}',
    "no JSON",
    "7"
  ]
  found = sent.map { |text| kind(command(socket, "send", text: text)) }
  [*found, kind(command(socket, "bytes"))]
end

Scenario.define("failure") do
  value = command(connect, "send", text: Scenario::FAILURE).value
  {
    message: value.message, connection: value.connection_id, request: value.request_id, messageId: value.message_id
  }
end

Scenario.define("invalid") do
  socket = connect
  socket.send_anything({ "action" => "say" })
  refusal(socket.receive(timeout: 30))
end

Scenario.define("fault") { refusal(command(connect, "fault")) }

Scenario.define("unknown") do
  socket = connect
  ['{"type":"other","n":9007199254740993}', "no JSON"].map do |text|
    message = command(socket, "send", text: text)
    { wire: message.text, json: { wire: JSON.generate(message.value.json) } }
  end
end

Scenario.define("bytes") do
  socket = connect
  socket.send_bytes("\xFF\x00".b)
  [command(socket, "mirror").data].pack("m0")
end

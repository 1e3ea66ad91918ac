# frozen_string_literal: true

# A scenario with its own clients and recordings.
class Scenario
  URL = ENV.fetch("CONTRACT_SOCKET_URL")
  SILENT = ENV.fetch("CONTRACT_SILENT_URL")
  REFUSED = ENV.fetch("CONTRACT_REFUSED_URL")
  CREDENTIALS = SocketContract::Credentials.new(
    access_key_id: "AKIDEXAMPLE", secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
  )
  FAILURE = '{"message":"Internal server error","connectionId":"c=","requestId":"r="}'

  @blocks = {}

  class << self
    # Declares a scenario; the block is its result.
    def define(name, &block)
      name = "socket.#{name}"
      raise ArgumentError, "#{name} is declared twice" if @blocks.key?(name)

      @blocks[name] = block
    end

    # Results of the scenarios that are asked for, by name.
    def run
      @blocks.slice(*ENV.fetch("CONTRACT_SCENARIOS").split(",")).to_h { |name, block| [name, new(name).result(&block)] }
    end
  end

  attr_reader :waits

  def initialize(name)
    @name = name
    @waits = []
    @reconnects = 0
    @sockets = []
  end

  def result(&block)
    instance_exec(&block)
  rescue StandardError => e
    { crash: "#{e.class}: #{e.message}" }
  ensure
    @sockets.each(&:close)
  end

  # A connection of a client with recordings.
  def connect(url = "#{URL}/chat", room: @name, tags: nil, trace: nil, options: nil, **more)
    client = SocketContract::Client.new(
      base_url: url, region: "us-east-1", credentials: CREDENTIALS, random: -> { 0.5 },
      sleeper: ->(seconds) { waits << (seconds * 1000).round }, **{ api_key: "contract-key-0123456789" }.merge(more)
    )
    socket = client.connect(room: room, tags: tags, x_trace: trace, options: options)
    @sockets << socket
    socket
  end

  # The hook of reconnecting that says `again`.
  def again
    lambda do |socket|
      @reconnects += 1
      socket.say(SocketContract::Models::Say.new(text: "again"))
    end
  end

  # What the first message after a command is.
  def command(socket, name, **more)
    socket.run(SocketContract::Models::Command.new(name: name, **more))
    socket.receive(timeout: 30)
  end

  def say(socket, text)
    socket.say(SocketContract::Models::Say.new(text: text))
  end

  # What a command reports.
  def report(socket, name)
    texts(command(socket, name))
  end

  # The close frames of the scenario's room.
  def closes
    report(connect, "closes")
  end

  def texts(message)
    message.value.texts
  end

  # What the gateway says of a message that failed, and which ids it tells.
  def refusal(message)
    value = message.value
    {
      message: value.message, connection: !value.connection_id.nil?, request: !value.request_id.nil?,
      messageId: !value.message_id.nil?
    }
  end

  # The name of a message's type.
  def kind(message)
    return "bytes" if message.data

    message.value.is_a?(SocketContract::UnknownVariant) ? "unknown" : message.value.class.name.split("::").last
  end

  # How receiving everything ends.
  def rest(socket)
    ended = false
    result = error do
      socket.each { |_| nil }
      ended = true
    end
    ended ? "end" : result
  end

  # What the block raises, described as the scenarios want it.
  def error
    yield
    { error: "none" }
  rescue SocketContract::Error => e
    described(e)
  rescue StandardError => e
    { error: "foreign", type: "#{e.class}: #{e.message}" }
  end

  private

  def described(error)
    case error
    when SocketContract::ConnectionClosedError then { error: "closed", code: error.code, reason: error.reason }
    when SocketContract::GatewayError
      {
        error: "gateway", status: error.status, errorType: error.error_type, message: error.server_message,
        requestId: !error.request_id.nil?
      }
    when SocketContract::ResponseError
      { error: "response", status: error.status, message: error.server_message }
    when SocketContract::DecodingError then { error: "decoding" }
    when SocketContract::TransportError then { error: "transport" }
    when SocketContract::TimeoutError then { error: "timeout" }
    when SocketContract::InvalidArgumentError then { error: "argument" }
    else { error: error.class.name }
    end
  end
end

# frozen_string_literal: true

# A scenario with its own clients and recordings.
class Scenario
  GATEWAY = ENV.fetch("CONTRACT_URL")
  ECHO = ENV.fetch("CONTRACT_ECHO_URL")
  SILENT = ENV.fetch("CONTRACT_SILENT_URL")
  REFUSED = ENV.fetch("CONTRACT_REFUSED_URL")

  @blocks = {}

  class << self
    # Declares a scenario; the block is its result.
    def define(name, &block)
      raise ArgumentError, "#{name} is declared twice" if @blocks.key?(name)

      @blocks[name] = block
    end

    # Results by name.
    def run
      @blocks.transform_values do |block|
        new.instance_exec(&block)
      rescue StandardError => e
        { crash: "#{e.class}: #{e.message}" }
      end
    end
  end

  attr_reader :waits, :attempts

  def initialize
    @waits = []
    @attempts = []
  end

  def gateway(path = "", **options)
    client(GATEWAY + path, **options)
  end

  def echo(path = "", **options)
    client(ECHO + path, **options)
  end

  def silent(**options)
    client(SILENT, **options)
  end

  def refused
    client(REFUSED)
  end

  def client(base_url, **options)
    Contract::Client.new(
      base_url: base_url,
      sleeper: ->(seconds) { waits << (seconds * 1000).round },
      random: -> { 0.5 },
      after_attempt: ->(attempt) { attempts << (attempt.status || "failed") },
      **options
    )
  end

  # What the block raises, described as the scenarios want it.
  def error
    yield
    { error: "none" }
  rescue Contract::Error => e
    described(e)
  rescue StandardError => e
    { error: "foreign", type: e.class.name }
  end

  # The result of the block or its error, with what was recorded.
  def recorded(*names, &block)
    { result: error(&block) }.merge(names.to_h { |name| [name, public_send(name)] })
  end

  def thing(id, **more)
    Contract::Models::Thing.new(id: id, **more)
  end

  def base64(bytes)
    [bytes].pack("m0")
  end

  def milliseconds(time)
    (time.to_r * 1000).floor
  end

  # The body of an answer as it came.
  def wire(response)
    response.body.dup.force_encoding(Encoding::UTF_8)
  end

  # The body that an Echo tells of.
  def echoed(echo)
    echo.body.dup.force_encoding(Encoding::UTF_8)
  end

  private

  def described(error)
    case error
    when Contract::GatewayError
      {
        error: "gateway", status: error.status, errorType: error.error_type, message: error.server_message,
        requestId: !error.request_id.nil?
      }
    when Contract::ResponseError then response_error(error)
    when Contract::DecodingError then { error: "decoding", path: error.path }
    when Contract::TransportError then { error: "transport" }
    when Contract::TimeoutError then { error: "timeout" }
    when Contract::InvalidArgumentError then { error: "argument" }
    when Contract::PaginationError then { error: "paging" }
    else { error: error.class.name }
    end
  end

  def response_error(error)
    return { error: "response", status: error.status, message: error.server_message } if error.body.nil?

    {
      error: "declared", status: error.status, message: error.server_message, requestId: !error.request_id.nil?,
      body: error.body.deconstruct_keys(nil)
    }
  end
end

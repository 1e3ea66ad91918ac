# frozen_string_literal: true

require "net/http"
require "timeout"

module PorticoClient
  # Sends requests and reads answers.
  class Transport
    # Ends an attempt from outside.
    class Expired < StandardError; end

    TIMEOUTS = [Timeout::Error, Expired, Errno::ETIMEDOUT].freeze
    BREAKS = [
      SystemCallError, IOError, SocketError, OpenSSL::SSL::SSLError, Net::ProtocolError, Net::HTTPBadResponse,
      Net::HTTPHeaderSyntaxError
    ].freeze
    private_constant :Expired, :TIMEOUTS, :BREAKS

    def initialize(pool)
      @pool = pool
    end

    # One attempt.
    # @param deadline [Deadline] of the call with all of its attempts
    # @param sink [Sink] takes the body
    # @return [Response]
    # @raise [TransportError, TimeoutError]
    def exchange(request, url, headers, deadline, sink)
      clock = AttemptClock.new(deadline, request.options.timeout)
      message = message(request, url, headers)
      @pool.with { |http| send_message(http, message, clock, sink) }
    rescue *TIMEOUTS, *BREAKS => e
      # Not the connection failed, but what the caller reads from or writes to.
      raise if e.equal?(sink.failure) || e.equal?(request.body.failure)
      raise TimeoutError, "no answer in time" if TIMEOUTS.any? { |type| e.is_a?(type) }

      raise TransportError, "no answer: #{e.message}"
    end

    private

    def message(request, url, headers)
      target = url.sub(%r{\A[a-z]+://[^/?]*}, "")
      target = "/#{target}" unless target.start_with?("/")
      # Told what to ask for, Net::HTTP does not ask for compression and does not undo any.
      plain = { "Accept-Encoding" => "identity" }.merge(headers)
      message = Net::HTTPGenericRequest.new(
        request.verb, !request.body.empty?, request.verb != "HEAD", target, plain
      )
      message.delete("Accept-Encoding") unless headers.key?("Accept-Encoding")
      request.body.attach(message)
      message
    end

    # Until the head of the answer is there, Timeout keeps the time. The body is read piece by piece, each in what is
    # left, so that code of the caller is never interrupted.
    def send_message(http, message, clock, sink)
      response = nil
      Timeout.timeout(clock.left, Expired) do
        prepare(http, clock.left)
        http.request(message) do |answer|
          Thread.handle_interrupt(Expired => :never) { response = read(http, message, answer, clock, sink) }
        end
      end
      response
    rescue Expired
      # It may come in the moment in which everything is there.
      response || raise
    end

    def prepare(http, seconds)
      http.open_timeout = seconds
      http.read_timeout = seconds
      http.write_timeout = seconds
      http.start unless http.started?
    end

    def read(http, message, answer, clock, sink)
      status = answer.code.to_i
      clock.restart_with_each_piece if sink.start(status)
      http.read_timeout = clock.left
      received = 0
      answer.read_body do |piece|
        received += piece.bytesize
        sink.write(piece)
        http.read_timeout = clock.left
      end
      expected = answer.content_length if message.response_body_permitted? && answer.class.body_permitted?
      # Net::HTTP is content with less than was promised.
      raise EOFError, "the body ended after #{received} of #{expected} bytes" if expected && received < expected

      Response.new(status, Headers.new(answer.to_hash), sink.bytes)
    end
  end

  # Takes the body of an answer: to the block of the caller if it is what was asked for, else into memory.
  class Sink
    # @return [String] what was not given to the block
    attr_reader :bytes
    # @return [StandardError, nil] the error of the block
    attr_reader :failure

    def initialize(block)
      @block = block
      @bytes = String.new(encoding: Encoding::BINARY)
      @used = false
    end

    # Begins with an answer.
    # @return [Boolean] whether its body goes to the block
    def start(status)
      @bytes = String.new(encoding: Encoding::BINARY)
      @streaming = !@block.nil? && (200..299).cover?(status)
    end

    def write(piece)
      return @bytes << piece unless @streaming

      @used = true
      begin
        @block.call(piece.force_encoding(Encoding::BINARY))
      rescue StandardError => e
        @failure = e
        raise
      end
    end

    # Whether the block has seen bytes, which another attempt would give it again.
    def used?
      @used
    end
  end
end

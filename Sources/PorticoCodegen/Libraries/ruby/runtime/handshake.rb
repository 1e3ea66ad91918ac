# frozen_string_literal: true

require "openssl"
require "securerandom"

module PorticoClient
  # How a connection of WebSocket begins.
  class Handshake
    GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    LONGEST_HEAD = 65_536
    STATUS_LINE = %r{\AHTTP/1\.[01] (\d{3})(?: .*)?\z}n.freeze
    private_constant :GUID, :LONGEST_HEAD, :STATUS_LINE

    # @return [String, nil] the subprotocol that the server selected
    attr_reader :subprotocol

    # @param attempt [Attempt] the request, signed
    # @param ends [Deadline]
    def initialize(wire, operation, attempt, subprotocols, ends)
      @wire = wire
      @operation = operation
      @attempt = attempt
      @subprotocols = subprotocols
      @ends = ends
      @key = SecureRandom.base64(16)
    end

    # @return [String] what came behind the answer
    # @raise [ResponseError, TransportError]
    def call
      @wire.write(head)
      data = String.new(encoding: Encoding::BINARY)
      until data.include?("\r\n\r\n")
        data << more
        raise TransportError, "the head of the answer is too long" if data.bytesize > LONGEST_HEAD
      end
      answer, rest = data.split("\r\n\r\n", 2)
      line, *fields = answer.split("\r\n")
      check(status(line), headers(fields), rest)
      rest
    end

    private

    def head
      target = @attempt.url.sub(%r{\A[a-z]+://[^/?]*}, "")
      target = "/#{target}" unless target.start_with?("/")
      headers = @attempt.headers.merge(
        "Upgrade" => "websocket", "Connection" => "Upgrade", "Sec-WebSocket-Version" => "13", "Sec-WebSocket-Key" => @key
      )
      headers["Sec-WebSocket-Protocol"] = @subprotocols.join(", ") unless @subprotocols.empty?
      headers.each { |name, value| Request.check_header(name, value) }
      ["GET #{target} HTTP/1.1", *headers.map { |name, value| "#{name}: #{value}" }, "", ""].map(&:b).join("\r\n".b)
    end

    def more
      @wire.read(@ends) || raise(TransportError, "the connection ended before the answer")
    end

    def status(line)
      match = line.to_s.match(STATUS_LINE)
      raise TransportError, "the server does not speak HTTP/1: #{line.to_s[0, 80].inspect}" unless match

      match[1].to_i
    end

    def headers(fields)
      values = Hash.new { |hash, name| hash[name] = [] }
      fields.each do |field|
        name, _, value = field.partition(":")
        values[name.strip.downcase] << value.strip
      end
      Headers.new(values.to_h)
    end

    def check(status, headers, rest)
      raise Answers.error(@operation, Response.new(status, headers, body(headers, rest))) unless status == 101

      problem = problem(headers)
      raise TransportError, problem if problem

      @subprotocol = headers["sec-websocket-protocol"]
      return if @subprotocol.nil? || @subprotocols.include?(@subprotocol)

      raise TransportError, "the server selected a subprotocol that nobody offered: #{@subprotocol.inspect}"
    end

    def problem(headers)
      accept = [OpenSSL::Digest::SHA1.digest(@key + GUID)].pack("m0")
      upgrades = headers["connection"].to_s.downcase.split(",").map(&:strip)
      if headers["upgrade"].to_s.downcase != "websocket" || !upgrades.include?("upgrade")
        "the server did not switch to WebSocket"
      elsif headers["sec-websocket-accept"] != accept then "the server's answer is not for this handshake"
      elsif headers["sec-websocket-extensions"] then "the server uses an extension that nobody offered"
      end
    end

    # The body of an answer that refuses, as far as it comes; no more than an error needs.
    def body(headers, data)
      length = headers["content-length"].to_s
      wanted = length.match?(/\A\d+\z/) ? [length.to_i, LONGEST_HEAD].min : LONGEST_HEAD
      data = data.dup
      data << more while data.bytesize < wanted
      data.byteslice(0, wanted)
    rescue TransportError, Wire::Expired, *Wire::BREAKS
      data
    end
  end
end

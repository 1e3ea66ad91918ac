# frozen_string_literal: true

require "json"

module PorticoClient
  # Stands for a property that is not there, where null means something else.
  ABSENT = Object.new
  def ABSENT.inspect
    "ABSENT"
  end
  ABSENT.freeze

  # A value that does not fit its type. Found deep inside, it learns its path on the way out, so that values that do fit
  # cost nothing.
  class CodingFailure < StandardError
    def initialize(message)
      super
      @path = []
    end

    # The same failure, seen from what contains the value.
    def inside(key)
      @path.unshift(key)
      self
    end

    # Where it is, from `$`.
    def path
      @path.reduce(+"$") do |text, key|
        case key
        when Integer then text << "[#{key}]"
        when /\A[A-Za-z_]\w*\z/ then text << ".#{key}"
        else text << "[#{key.to_s.inspect}]"
        end
      end
    end

    # For callers: the JSON was wrong.
    def decoding_error(response = nil)
      DecodingError.new(message, path: path, response: response)
    end

    # For callers: their value was wrong.
    def argument_error(name)
      InvalidArgumentError.new("#{path.sub("$", name)} #{message}")
    end

    # A failure that says what was expected and what was there.
    def self.expected(what, value)
      found =
        case value
        when nil then "null"
        when Hash then "an object"
        when Array then "a list"
        when String then "text"
        when Numeric, true, false then value.inspect
        else value.class
        end
      new("should be #{what}, but is #{found}")
    end
  end

  # JSON as text.
  module JSONText
    # Deeper values are refused rather than followed until the stack ends.
    DEPTH = 500

    # The value of JSON text.
    def self.parse(text)
      text = text.dup.force_encoding(Encoding::UTF_8) unless text.encoding == Encoding::UTF_8
      raise CodingFailure, "is not UTF-8" unless text.valid_encoding?

      JSON.parse(text, max_nesting: DEPTH, create_additions: false)
    rescue JSON::NestingError
      raise CodingFailure, "is nested too deeply"
    rescue JSON::ParserError
      raise CodingFailure, "is not JSON"
    end

    # JSON text of a value that a codec made.
    def self.generate(value)
      JSON.generate(value, max_nesting: DEPTH)
    rescue JSON::NestingError
      raise CodingFailure, "is nested too deeply"
    end
  end
end

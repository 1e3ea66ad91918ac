# frozen_string_literal: true

require "date"
require "time"

module PorticoClient
  # How values become JSON and come back. A codec has `decode(json)`, `encode(value)`, and `accept?(value)`, which tells
  # unions whether a value is one of the codec's.
  module Codecs
    # Text.
    module STRING
      module_function

      def decode(json)
        return json if json.is_a?(String)

        raise CodingFailure.expected("text", json)
      end

      def encode(value)
        raise CodingFailure.expected("text", value) unless value.is_a?(String)

        text = value.encode(Encoding::UTF_8)
        raise CodingFailure, "is not UTF-8" unless text.valid_encoding?

        text
      rescue EncodingError
        raise CodingFailure, "cannot be written as UTF-8"
      end

      def accept?(value)
        value.is_a?(String) && (value.encoding != Encoding::BINARY || value.ascii_only?)
      end
    end

    # `true` or `false`.
    module BOOLEAN
      module_function

      def decode(json)
        return json if accept?(json)

        raise CodingFailure.expected("true or false", json)
      end

      def encode(value)
        decode(value)
      end

      def accept?(value)
        true.equal?(value) || false.equal?(value)
      end
    end

    # Whole numbers of a range, or of any size.
    class Whole
      def initialize(range)
        @range = range
        freeze
      end

      def decode(json)
        # JSON does not tell 1 from 1.0; a float is exact up to 2**53.
        json = json.to_i if json.is_a?(Float) && json.abs <= 9_007_199_254_740_992 && json == json.floor
        encode(json)
      end

      def encode(value)
        raise CodingFailure.expected("a whole number", value) unless value.is_a?(Integer)
        raise CodingFailure, "is out of range: #{value}" unless @range.cover?(value)

        value
      end

      def accept?(value)
        value.is_a?(Integer)
      end
    end

    INT32 = Whole.new(-2**31..2**31 - 1)
    INT64 = Whole.new(-2**63..2**63 - 1)
    INTEGER = INT64

    # Numbers.
    module DOUBLE
      module_function

      def decode(json)
        raise CodingFailure.expected("a number", json) unless json.is_a?(Numeric)
        raise CodingFailure, "is out of range" unless json.to_f.finite?

        json.to_f
      end

      # Whole numbers are written without fraction, as most writers of JSON do.
      def encode(value)
        raise CodingFailure.expected("a number", value) unless accept?(value)

        float = value.to_f
        raise CodingFailure, "is no number that JSON can write: #{value}" unless float.finite?

        float == float.floor && float.abs < 1e15 ? float.to_i : float
      end

      def accept?(value)
        value.is_a?(Numeric) && value.real?
      end
    end

    # Bytes, as Base64.
    module BYTES
      module_function

      def decode(json)
        raise CodingFailure.expected("Base64", json) unless json.is_a?(String)

        json.unpack1("m0")
      rescue ArgumentError
        raise CodingFailure, "is not Base64"
      end

      def encode(value)
        raise CodingFailure.expected("bytes", value) unless value.is_a?(String)

        [value].pack("m0").force_encoding(Encoding::UTF_8)
      end

      def accept?(value)
        value.is_a?(String) && value.encoding == Encoding::BINARY
      end
    end

    # Points in time, RFC 3339.
    module TIMESTAMP
      OFFSET = /[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d)/.freeze
      PATTERN = /\A(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?(#{OFFSET})\z/.freeze
      private_constant :OFFSET, :PATTERN

      module_function

      def decode(json)
        raise CodingFailure.expected("a point in time", json) unless json.is_a?(String)

        match = PATTERN.match(json)
        time = match && parsed(match)
        time || raise(CodingFailure, "is no point in time of RFC 3339: #{json.inspect}")
      end

      def parsed(match)
        year, month, day, hour, minute, second = match.captures.first(6).map { |digits| digits.to_i(10) }
        return unless Date.valid_date?(year, month, day) && hour < 24 && minute < 60 && second <= 60

        offset = match[10].to_i * 3600 + match[11].to_i * 60
        offset = -offset if match[9] == "-"
        Time.utc(year, month, day, hour, minute, second) + Rational("0#{match[7]}") - offset
      end
      private_class_method :parsed

      def encode(value)
        raise CodingFailure.expected("a Time", value) unless value.is_a?(Time)

        utc = value.getutc
        raise CodingFailure, "has a year that RFC 3339 cannot write: #{utc.year}" unless (0..9999).cover?(utc.year)

        fraction = utc.nsec.zero? ? "" : format(".%09d", utc.nsec).sub(/0+\z/, "")
        "#{utc.strftime("%Y-%m-%dT%H:%M:%S")}#{fraction}Z"
      end

      def accept?(value)
        value.is_a?(Time)
      end
    end

    # Days, RFC 3339 full-date.
    module DATE
      PATTERN = /\A(\d{4})-(\d\d)-(\d\d)\z/.freeze
      private_constant :PATTERN

      module_function

      def decode(json)
        raise CodingFailure.expected("a day", json) unless json.is_a?(String)

        match = PATTERN.match(json)
        parts = match && match.captures.map { |digits| digits.to_i(10) }
        unless parts && Date.valid_date?(*parts, Date::GREGORIAN)
          raise CodingFailure, "is no day of RFC 3339: #{json.inspect}"
        end

        Date.new(*parts, Date::GREGORIAN)
      end

      def encode(value)
        raise CodingFailure.expected("a Date", value) unless accept?(value)
        raise CodingFailure, "has a year that RFC 3339 cannot write" unless (0..9999).cover?(value.gregorian.year)

        value.gregorian.strftime("%Y-%m-%d")
      end

      def accept?(value)
        value.is_a?(Date) && !value.is_a?(DateTime)
      end
    end

    # Any JSON: nil, true, false, Integer, Float, String, Array, Hash.
    module ANY
      module_function

      def decode(json)
        json
      end

      def encode(value)
        case value
        when nil, true, false, Integer then value
        when Float then finite(value)
        when String then STRING.encode(value)
        when Symbol then STRING.encode(value.to_s)
        when Array then ANY_LIST.encode(value)
        when Hash then ANY_MAP.encode(value)
        when Structure, UnknownVariant then value.to_h
        else raise CodingFailure.expected("JSON", value)
        end
      end

      def finite(value)
        return value if value.finite?

        raise CodingFailure, "is no number that JSON can write: #{value}"
      end
      private_class_method :finite

      def accept?(_value)
        true
      end
    end
  end
end

# frozen_string_literal: true

module PorticoClient
  module Codecs
    # Lists of a codec's values.
    class List
      def initialize(element)
        @element = element
        freeze
      end

      def decode(json)
        raise CodingFailure.expected("a list", json) unless json.is_a?(Array)

        each(json) { |element| @element.decode(element) }
      end

      def encode(value)
        raise CodingFailure.expected("a list", value) unless value.is_a?(Array)

        each(value) { |element| @element.encode(element) }
      end

      def accept?(value)
        value.is_a?(Array) && value.all? { |element| @element.accept?(element) }
      end

      private

      def each(list)
        index = -1
        list.map do |element|
          index += 1
          yield element
        end
      rescue CodingFailure => e
        raise e.inside(index)
      end
    end

    # Maps from text to a codec's values.
    class Map
      def initialize(value)
        @value = value
        freeze
      end

      def decode(json)
        raise CodingFailure.expected("an object", json) unless json.is_a?(Hash)

        each(json) { |result, key, value| result[key] = @value.decode(value) }
      end

      def encode(value)
        raise CodingFailure.expected("a Hash", value) unless value.is_a?(Hash)

        each(value) do |result, key, element|
          result[STRING.encode(key.is_a?(Symbol) ? key.to_s : key)] = @value.encode(element)
        end
      end

      def accept?(value)
        value.is_a?(Hash) && value.each_value.all? { |element| @value.accept?(element) }
      end

      private

      def each(hash)
        current = nil
        hash.each_with_object({}) do |(key, value), result|
          current = key
          yield result, key, value
        end
      rescue CodingFailure => e
        raise e.inside(current.to_s)
      end
    end

    # A codec's values, or null.
    class Nullable
      def initialize(inner)
        @inner = inner
        freeze
      end

      def decode(json)
        json.nil? ? nil : @inner.decode(json)
      end

      def encode(value)
        value.nil? ? nil : @inner.encode(value)
      end

      def accept?(value)
        value.nil? || @inner.accept?(value)
      end
    end

    ANY_LIST = List.new(ANY)
    ANY_MAP = Map.new(ANY)
    private_constant :ANY_LIST, :ANY_MAP

    module_function

    # Lists of a codec's values.
    def list(element)
      List.new(element)
    end

    # Maps from text to a codec's values.
    def map(value)
      Map.new(value)
    end

    # A codec's values, or null.
    def nullable(inner)
      Nullable.new(inner)
    end
  end
end

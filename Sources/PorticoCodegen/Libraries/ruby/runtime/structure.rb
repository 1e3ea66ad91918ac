# frozen_string_literal: true

module PorticoClient
  # A property of a {Structure}. Its presence is `:required`, `:optional`, or `:nullable`: then it may be absent, and null
  # means something else.
  Property = Struct.new(:name, :wire_name, :codec, :presence) do
    # Name of the instance variable.
    def variable
      @variable ||= :"@#{name}"
    end
  end

  # An immutable object with known properties. The class is the codec of its objects.
  class Structure
    class << self
      # Reads JSON text.
      # @param text [String]
      # @return [Structure]
      # @raise [DecodingError] with the path of what is wrong
      def from_json(text)
        decode(JSONText.parse(text))
      rescue CodingFailure => e
        raise e.decoding_error
      end

      # Reads what a JSON parser made.
      # @param json [Hash{String=>Object}]
      # @return [Structure]
      # @raise [DecodingError] with the path of what is wrong
      def from_h(json)
        decode(json)
      rescue CodingFailure => e
        raise e.decoding_error
      end

      # @private
      def decode(json)
        raise CodingFailure.expected("an object", json) unless json.is_a?(Hash)

        attributes = decode_known(json)
        attributes[:additional_properties] = decode_additional(json) if additional_codec
        new(**attributes)
      end

      # @private
      def encode(value)
        raise CodingFailure.expected("a #{name}", value) unless value.is_a?(self)

        json = encode_known(value)
        additional_codec ? encode_additional(value.additional_properties).merge(json) : json
      end

      # @private
      def accept?(value)
        value.is_a?(self)
      end

      # The properties in the order of the document.
      # @return [Array<Property>]
      def properties
        # Types may lead to each other, so the table is made when it is first needed; made twice, it is the same.
        @properties ||= @table.call.freeze
      end

      private

      # Declares the properties.
      def define_properties(additional: nil, &table)
        @table = table
        @additional = additional
      end

      def additional_codec
        @additional_codec ||= @additional&.call
      end

      def decode_known(json)
        current = nil
        properties.each_with_object({}) do |property, attributes|
          current = property.wire_name
          value = json.fetch(current, ABSENT)
          # Many services write null for what is not there.
          next if property.presence == :optional && value.nil?

          if !value.equal?(ABSENT)
            attributes[property.name] = property.codec.decode(value)
          elsif property.presence == :required
            raise CodingFailure, "is missing"
          end
        end
      rescue CodingFailure => e
        raise e.inside(current)
      end

      def encode_known(object)
        current = nil
        properties.each_with_object({}) do |property, json|
          current = property.wire_name
          value = object.instance_variable_get(property.variable)
          next if property.presence == :optional ? value.nil? : value.equal?(ABSENT)

          json[current] = property.codec.encode(value)
        end
      rescue CodingFailure => e
        raise e.inside(current)
      end

      def decode_additional(json)
        @known ||= properties.to_h { |property| [property.wire_name, true] }
        additional_codec.decode(json.reject { |key, _| @known.key?(key) })
      end

      def encode_additional(values)
        additional_codec.encode(values)
      end
    end

    # Called when all variables are set; from here on they stay.
    def initialize
      super
      freeze
    end

    # Whether the property was left out, as opposed to being null.
    # @param name [Symbol] name of the reader
    def absent?(name)
      value = instance_variable_get(property_named(name).variable)
      value.equal?(ABSENT) || (value.nil? && property_named(name).presence == :optional)
    end

    # A copy with other values.
    def with(**changes)
      self.class.new(**stored.merge(changes))
    end

    # What a JSON writer takes: names as in JSON.
    # @return [Hash{String=>Object}]
    # @raise [InvalidArgumentError] with the path of what does not fit its type
    def to_h
      self.class.encode(self)
    rescue CodingFailure => e
      raise e.argument_error(self.class.name)
    end

    # @return [String] JSON text
    # @raise [InvalidArgumentError] with the path of what does not fit its type
    def to_json(*state)
      return to_h.to_json(*state) unless state.empty?

      JSONText.generate(to_h)
    rescue CodingFailure => e
      raise e.argument_error(self.class.name)
    end

    # For pattern matching.
    def deconstruct_keys(_names)
      stored.transform_values { |value| value.equal?(ABSENT) ? nil : value }
    end

    # Objects of the same class with equal values are equal.
    def ==(other)
      other.instance_of?(self.class) && other.stored == stored
    end
    alias eql? ==

    def hash
      [self.class, stored].hash
    end

    def inspect
      shown = stored.reject { |_, value| value.nil? || value.equal?(ABSENT) }
      "#<#{[self.class.name, *shown.map { |name, value| "#{name}=#{value.inspect}" }].join(" ")}>"
    end
    alias to_s inspect

    protected

    # Values by name, the absent ones too.
    def stored
      instance_variables.to_h { |variable| [variable[1..-1].to_sym, instance_variable_get(variable)] }
    end

    private

    def property_named(name)
      self.class.properties.find { |property| property.name == name } ||
        raise(InvalidArgumentError, "#{self.class.name} has no property #{name.inspect}")
    end
  end
end

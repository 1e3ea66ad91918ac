# frozen_string_literal: true

module PorticoClient
  # A value of none of a union's types. It is written as it was read.
  class UnknownVariant
    # @return [Object] what a JSON parser made of it
    attr_reader :json

    def initialize(json)
      @json = json
      freeze
    end

    # What a JSON writer takes.
    def to_h
      @json
    end

    # @return [String] JSON text
    def to_json(*state)
      @json.to_json(*state)
    end

    def ==(other)
      other.is_a?(UnknownVariant) && other.json == @json
    end
    alias eql? ==

    def hash
      [UnknownVariant, @json].hash
    end
  end

  # A type of a union, with what tells that JSON is one.
  class Variant
    # Classes of parsed JSON by kind.
    KINDS = {
      object: [Hash], array: [Array], string: [String], number: [Numeric], boolean: [TrueClass, FalseClass],
      any: [BasicObject]
    }.freeze
    private_constant :KINDS

    attr_reader :codec, :values

    # @param values [Array<String>] values of the discriminator
    # @param required [Array<String>] properties that must be there
    # @param constants [Hash{String=>Array<String>}] texts that properties must have
    def initialize(codec, kind: :any, values: [], required: [], constants: {})
      @codec = codec
      @classes = KINDS.fetch(kind)
      @values = values
      @required = required
      @constants = constants
      freeze
    end

    # Whether it is a union itself.
    def union?
      @codec.is_a?(Union)
    end

    # Whether the JSON looks like one.
    def match?(json)
      return false unless @classes.any? { |type| type === json }
      return true unless json.is_a?(Hash)

      @required.all? { |name| json.key?(name) } && @constants.all? { |name, texts| texts.include?(json[name]) }
    end
  end

  # One of several types: the codec of their values, which are the values of the types themselves.
  class Union
    # @param discriminator [String, nil] the property that tells which
    def initialize(discriminator: nil, &table)
      @discriminator = discriminator
      @table = table
    end

    # Reads JSON text.
    # @param text [String]
    # @raise [DecodingError] with the path of what is wrong
    def from_json(text)
      decode(JSONText.parse(text))
    rescue CodingFailure => e
      raise e.decoding_error
    end

    # Writes JSON text.
    # @return [String]
    # @raise [InvalidArgumentError] if it is no value of any of the types
    def to_json(value)
      JSONText.generate(encode(value))
    rescue CodingFailure => e
      raise e.argument_error("value")
    end

    # @private
    def decode(json)
      variant = variant_of(json)
      variant ? variant.codec.decode(json) : UnknownVariant.new(json)
    end

    # @private
    def encode(value)
      return Codecs::ANY.encode(value.json) if value.is_a?(UnknownVariant)

      way = way_to(value) || raise(CodingFailure, "is of none of the union's types: #{value.class}")
      way.reverse.reduce(way.last.last.codec.encode(value)) { |json, (union, variant)| union.tell(json, variant) }
    end

    # @private
    def accept?(value)
      value.is_a?(UnknownVariant) || !way_to(value).nil?
    end

    protected

    # The variant that JSON is one of. Unions may lead to each other, so those that were asked are not asked again.
    def variant_of(json, asked = [])
      return if asked.include?(self)

      candidates(json).each do |variant|
        found = variant.union? ? variant.codec.variant_of(json, [*asked, self]) : variant
        return found if found
      end
      nil
    end

    # Unions and variants on the way to the type of a value.
    def way_to(value, asked = [])
      return if asked.include?(self)

      variants.each do |variant|
        inner = variant.union? ? variant.codec.way_to(value, [*asked, self]) : ([] if variant.codec.accept?(value))
        return [[self, variant], *inner] if inner
      end
      nil
    end

    # The JSON with the discriminator, if the type does not write it itself.
    def tell(json, variant)
      return json unless @discriminator && json.is_a?(Hash) && variant.values.any?

      json.key?(@discriminator) ? json : { @discriminator => variant.values.first }.merge(json)
    end

    private

    def variants
      @variants ||= @table.call.freeze
    end

    def candidates(json)
      return variants.lazy.select { |variant| variant.match?(json) } unless @discriminator

      text = json[@discriminator] if json.is_a?(Hash)
      variants.select { |variant| variant.values.include?(text) }
    end
  end
end

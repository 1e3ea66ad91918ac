# frozen_string_literal: true

module PorticoClient
  # Percent-encoding of RFC 3986: everything but unreserved characters, in upper case.
  module PercentEncoding
    RESERVED = /[^A-Za-z0-9\-._~]/n.freeze
    private_constant :RESERVED

    module_function

    # A segment, or a name or value of a query.
    def encode(text)
      text.b.gsub(RESERVED) { |byte| format("%%%02X", byte.ord) }.force_encoding(Encoding::US_ASCII)
    end

    # Segments: slashes stay.
    def encode_path(text)
      text.split("/", -1).map { |segment| encode(segment) }.join("/")
    end

    # Pairs of a query.
    def query(pairs)
      pairs.map { |name, value| "#{encode(name)}=#{encode(value)}" }.join("&")
    end
  end
end

# frozen_string_literal: true

require "openssl"

module PorticoClient
  # Who signs.
  class Credentials
    attr_reader :access_key_id, :secret_access_key, :session_token

    def initialize(access_key_id:, secret_access_key:, session_token: nil)
      @access_key_id = access_key_id
      @secret_access_key = secret_access_key
      @session_token = session_token
      freeze
    end

    # What AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN say; nil if they say nothing.
    # @return [Credentials, nil]
    def self.from_environment(environment = ENV)
      id, secret, token = %w[AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN].map do |name|
        value = environment[name]
        value unless value.nil? || value.empty?
      end
      new(access_key_id: id, secret_access_key: secret, session_token: token) if id && secret
    end

    # Without the secrets.
    def inspect
      "#<#{self.class.name} access_key_id=#{@access_key_id.inspect}>"
    end
  end

  # Signature Version 4 as API Gateway checks it.
  module Signer
    ALGORITHM = "AWS4-HMAC-SHA256"
    # What proxies and connections may change on the way.
    UNSIGNED = %w[
      user-agent x-amzn-trace-id expect connection transfer-encoding content-length accept-encoding authorization
    ].freeze
    private_constant :ALGORITHM, :UNSIGNED

    module_function

    # The headers to add to a request.
    # @param url [String] as it is sent: percent-encoded
    # @param headers [Enumerable<Array(String, String)>] names may come twice
    # @param body [String] bytes
    # @param time [Time]
    # @return [Hash{String=>String}]
    def sign(method:, url:, headers:, body:, credentials:, region:, time:, service: "execute-api")
      date = time.getutc.strftime("%Y%m%dT%H%M%SZ")
      added = { "X-Amz-Date" => date }
      added["X-Amz-Security-Token"] = credentials.session_token if credentials.session_token
      authority, path, query = split(url)
      signed = canonical_headers(headers, added, authority)
      names = signed.map(&:first).join(";")
      canonical = [
        method, canonical_path(path), canonical_query(query), *signed.map { |pair| pair.join(":") }, "", names,
        OpenSSL::Digest::SHA256.hexdigest(body)
      ].join("\n")
      scope = [date[0, 8], region, service, "aws4_request"]
      text = [ALGORITHM, date, scope.join("/"), OpenSSL::Digest::SHA256.hexdigest(canonical)].join("\n")
      added["Authorization"] =
        "#{ALGORITHM} Credential=#{credentials.access_key_id}/#{scope.join("/")}, " \
        "SignedHeaders=#{names}, Signature=#{signature(credentials.secret_access_key, scope, text)}"
      added
    end

    def split(url)
      rest = url.sub(%r{\A[A-Za-z][A-Za-z0-9+.-]*://}, "")
      authority, target = rest.match(%r{\A([^/?#]*)([^#]*)}).captures
      path, query = target.split("?", 2)
      authority = authority.delete_suffix(url.start_with?("https:") ? ":443" : ":80")
      [authority, path.to_s, query.to_s]
    end

    def signature(secret, scope, text)
      key = scope.reduce("AWS4#{secret}") { |parent, part| OpenSSL::HMAC.digest("SHA256", parent, part) }
      OpenSSL::HMAC.hexdigest("SHA256", key, text)
    end

    # Dot segments and doubled slashes go, and what is percent-encoded already is encoded once more.
    def canonical_path(path)
      kept = []
      path.split("/").each do |segment|
        if segment == ".."
          kept.pop
        elsif !segment.empty? && segment != "."
          kept << PercentEncoding.encode(segment)
        end
      end
      "/#{kept.join("/")}#{"/" if path.end_with?("/") && kept.any?}"
    end

    def canonical_query(query)
      pairs = query.split("&").map { |pair| pair.partition("=").values_at(0, 2) }
      pairs.sort.map { |pair| pair.join("=") }.join("&")
    end

    def canonical_headers(headers, added, authority)
      values = Hash.new { |hash, name| hash[name] = [] }
      [*headers, *added].each { |name, value| values[name.downcase] << value.strip.gsub(/\s+/, " ") }
      values["host"] << authority if values["host"].empty?
      values.reject { |name, _| UNSIGNED.include?(name) }.map { |name, list| [name, list.join(",")] }.sort
    end

    private_class_method :split, :signature, :canonical_path, :canonical_query, :canonical_headers
  end
end

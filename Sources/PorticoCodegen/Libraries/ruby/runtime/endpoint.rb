# frozen_string_literal: true

require "uri"

module PorticoClient
  # Where an API is. The functions make base URLs of it.
  class Endpoint
    EXECUTE_API = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\z/.freeze
    private_constant :EXECUTE_API

    class << self
      # The address that API Gateway gives a stage.
      # @param api_id [String] such as `a1b2c3d4e5`
      # @param region [String] such as `eu-central-1`
      # @param stage [String] `$default` of an HTTP API has no part in addresses
      # @return [String]
      def execute_api(api_id:, region:, stage:)
        suffix = region.start_with?("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        path = "/#{PercentEncoding.encode(stage)}" unless stage == "$default"
        "https://#{api_id}.execute-api.#{region}.#{suffix}#{path}"
      end

      # A domain of one's own.
      # @param name [String] such as `api.example.com`
      # @param base_path [String, nil] what the API is mapped to
      # @return [String]
      def domain(name, base_path: nil)
        path = base_path.to_s.gsub(%r{\A/+|/+\z}, "")
        path.empty? ? "https://#{name}" : "https://#{name}/#{PercentEncoding.encode_path(path)}"
      end
    end

    attr_reader :url, :host, :port, :path

    # @param url [String] absolute, http or https, or ws or wss; a slash at its end does not matter
    def initialize(url)
      uri = parsed(url)
      @secure = uri.scheme == "https"
      @host = uri.hostname
      @port = uri.port
      @path = uri.path.sub(%r{/+\z}, "")
      @authority = uri.port == uri.default_port ? uri.host : "#{uri.host}:#{uri.port}"
      @url = "#{uri.scheme}://#{@authority}#{@path}"
      freeze
    end

    def secure?
      @secure
    end

    # Value of the Host header.
    attr_reader :authority

    # Scheme and authority.
    def origin
      "#{@secure ? "https" : "http"}://#{@authority}"
    end

    # The region in an address of API Gateway.
    def region
      @host[EXECUTE_API, 1]
    end

    private

    def parsed(url)
      uri = URI.parse(url.sub(/\Aws(?=s?:)/i, "http"))
      whole = uri.is_a?(URI::HTTP) && uri.hostname && !uri.hostname.empty?
      return uri if whole && !uri.query && !uri.fragment && !uri.userinfo

      raise InvalidArgumentError, "base_url must be http(s)://host/path without query: #{url.inspect}"
    rescue URI::Error, TypeError, NoMethodError
      raise InvalidArgumentError, "base_url must be an absolute address: #{url.inspect}"
    end
  end
end

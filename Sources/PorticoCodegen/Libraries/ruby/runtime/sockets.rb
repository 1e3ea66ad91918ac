# frozen_string_literal: true

require_relative "frames"
require_relative "wire"
require_relative "handshake"
require_relative "connection"
require_relative "base_socket"

# frozen_string_literal: true

# Runs the scenarios of ../SCENARIOS.md with the generated client and prints their results.
require "socket_contract"
require "json"
require_relative "scenario"
require_relative "messages"
require_relative "protocol"
require_relative "endings"
require_relative "opening"

puts JSON.generate(Scenario.run)

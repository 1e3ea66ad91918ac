# frozen_string_literal: true

# Runs the scenarios of ../SCENARIOS.md with the generated client and prints their results.
require "contract"
require "json"
require_relative "scenario"
require_relative "auth"
require_relative "wire"
require_relative "retry"
require_relative "values"
require_relative "errors"

puts JSON.generate(Scenario.run)

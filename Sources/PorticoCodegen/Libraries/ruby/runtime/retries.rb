# frozen_string_literal: true

require "time"

module PorticoClient
  # Says whether and when to try again.
  class RetryPolicy
    STATUSES = [429, 500, 502, 503, 504].freeze
    LONGEST_WAIT = 20
    LONGEST_RETRY_AFTER = 60
    FIRST_WAIT = 0.1
    private_constant :STATUSES, :LONGEST_WAIT, :LONGEST_RETRY_AFTER, :FIRST_WAIT

    def initialize(options)
      @random = options.random
      @clock = options.clock
    end

    # Seconds to wait before the next attempt; nil: none will be made.
    # @param number [Integer] of the attempt that failed, from 1
    # @param left [Float, nil] seconds until the call has to be over
    def wait(error, request, number, left)
      return unless number <= request.options.max_retries && retriable?(error, request) && request.body.repeatable?

      seconds = asked_for(error) || (@random.call * [LONGEST_WAIT, FIRST_WAIT * 2**(number - 1)].min)
      seconds if left.nil? || seconds < left
    end

    private

    def retriable?(error, request)
      return request.repeatable? unless error.is_a?(ResponseError)
      return false unless STATUSES.include?(error.status) && !too_patient?(error)

      error.status == 429 || request.repeatable?
    end

    def too_patient?(error)
      (asked_for(error) || 0) > LONGEST_RETRY_AFTER
    end

    def asked_for(error)
      text = error.headers["retry-after"] if error.is_a?(ResponseError)
      return unless text
      return text.to_i if text.match?(/\A\s*\d+\s*\z/)

      [Time.httpdate(text) - @clock.call, 0].max
    rescue ArgumentError
      nil
    end
  end
end

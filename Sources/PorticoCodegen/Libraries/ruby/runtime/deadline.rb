# frozen_string_literal: true

module PorticoClient
  # A point in time on a clock that nobody sets; or never.
  class Deadline
    # @param seconds [Numeric, nil] from now; nil: never
    def initialize(seconds)
      @at = seconds && Deadline.now + seconds
    end

    # @return [Float, nil] seconds until then; nil: it never comes
    def left
      @at && @at - Deadline.now
    end

    def self.now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end
  end

  # What is left of the time of an attempt, which ends with its call at the latest.
  class AttemptClock
    def initialize(call, seconds)
      @call = call
      @seconds = seconds
      @attempt = Deadline.new(seconds)
      @restarts = false
    end

    # From now on the limit is one for each piece: how long a download takes is up to its size.
    def restart_with_each_piece
      @restarts = true
    end

    # @return [Float, nil] seconds; nil: no limit
    # @raise [TimeoutError] if nothing is left
    def left
      left = [@call.left, @restarts ? @seconds : @attempt.left].compact.min
      raise TimeoutError, "no answer in time" if left && left <= 0

      left
    end
  end
end

# frozen_string_literal: true

module PorticoClient
  # Pages of results: sends what an answer gave until it gives nothing.
  module Pages
    module_function

    # Each page is asked for when it is needed.
    # @yield [arguments] makes a call
    # @return [Enumerator]
    def pages(operation, arguments)
      rule = operation.pagination
      Enumerator.new do |pages|
        current = arguments.dup
        until current.nil?
          page = yield current
          pages << page
          current = following(rule, current, page)
        end
      end
    end

    # @return [Enumerator]
    def items(operation, pages)
      readers = operation.pagination.items
      Enumerator.new do |items|
        pages.each { |page| read(page, readers)&.each { |item| items << item } }
      end
    end

    # Arguments for the page after this one; nil: there is none.
    def following(rule, arguments, page)
      token = read(page, rule.token)
      return if token.nil? || token.empty?
      raise PaginationError, "the page token #{token.inspect} came twice in a row" if token == arguments[rule.input]

      arguments.dup.tap { |changed| changed[rule.input] = token }
    end

    def read(page, readers)
      readers.reduce(page) { |value, reader| value&.public_send(reader) }
    end
    private_class_method :following, :read
  end
end

/// Names that Ruby, its core classes, or the library of the client have taken.
enum RubyReservedWords {
    /// Words of the language, as far as a name in small letters can be one. As a keyword argument they could be declared,
    /// but not read.
    static let keywords: Set<String> = [
        "alias", "and", "begin", "break", "case", "class", "def", "do", "else", "elsif", "end", "ensure", "false",
        "for",
        "if", "in", "module", "next", "nil", "not", "or", "redo", "rescue", "retry", "return", "self", "super", "then",
        "true", "undef", "unless", "until", "when", "while", "yield", "defined",
    ]

    /// Methods that every object has, which readers and operations must not replace; besides, what is called to convert
    /// objects, and functions that the library's own classes call.
    static let objectMethods: Set<String> = [
        "class", "clone", "define_singleton_method", "display", "dup", "enum_for", "eql", "equal", "extend", "freeze",
        "frozen", "hash", "inspect", "instance_eval", "instance_exec", "instance_of", "instance_variable_defined",
        "instance_variable_get", "instance_variable_set", "instance_variables", "is_a", "itself", "kind_of", "method",
        "method_missing", "methods", "nil", "object_id", "private_methods", "protected_methods", "public_method",
        "public_methods", "public_send", "remove_instance_variable", "respond_to", "respond_to_missing", "send",
        "singleton_class", "singleton_method", "singleton_methods", "taint", "tainted", "tap", "then", "to_enum",
        "to_json", "to_s", "to_yaml", "trust", "untaint", "untrust", "untrusted", "yield_self", "initialize",
        "initialize_clone", "initialize_copy", "initialize_dup", "coerce", "deconstruct", "deconstruct_keys",
        "encode_with", "exception", "init_with", "marshal_dump", "marshal_load", "pretty_inspect", "pretty_print",
        "pretty_print_cycle", "pretty_print_inspect", "pretty_print_instance_variables", "psych_to_yaml", "raise",
        "to_a", "to_ary", "to_h", "to_hash", "to_i", "to_int", "to_io", "to_path", "to_proc", "to_r", "to_str",
        "to_sym",
    ]

    /// Methods of the library's `Structure`.
    static let structureMethods: Set<String> = ["absent", "additional_properties", "property_named", "stored", "with"]

    /// Methods of the library's `BaseClient`.
    static let clientMethods: Set<String> = ["base_url", "close"]

    /// Methods of the library's `BaseSocket`.
    static let socketMethods: Set<String> = [
        "close", "each", "ping", "receive", "send_bytes", "send_message", "send_text", "subprotocol",
    ]

    /// Constants of Ruby's core and of the parts of its standard library that the client loads. A module or class of the
    /// same name would hide them, or be taken for them.
    static let coreConstants: Set<String> = [
        "ARGF", "ARGV", "ArgumentError", "Array", "Base64", "BasicObject", "BasicSocket", "Benchmark", "BigDecimal",
        "Binding", "Bundler", "CGI", "CSV", "Class", "ClosedQueueError", "Comparable", "Complex", "ConditionVariable",
        "Coverage", "DRb", "Data", "Date", "DateTime", "Delegator", "DidYouMean", "Digest", "Dir", "ENV", "EOFError",
        "ERB", "Encoding", "EncodingError", "English", "Enumerable", "Enumerator", "Errno", "ErrorHighlight", "Etc",
        "Exception", "FalseClass", "Fcntl", "Fiber", "FiberError", "Fiddle", "File", "FileTest", "FileUtils", "Find",
        "Float", "FloatDomainError", "Forwardable", "FrozenError", "GC", "Gem", "Hash", "IO", "IOError", "IPAddr",
        "IPSocket",
        "IRB", "IndexError", "Integer", "Interrupt", "JSON", "Kernel", "KeyError", "LoadError", "LocalJumpError",
        "Logger",
        "Marshal", "MatchData", "Math", "Matrix", "Method", "Minitest", "Module", "Monitor", "MonitorMixin", "Mutex",
        "NameError", "Net", "NilClass", "NoMatchingPatternError", "NoMatchingPatternKeyError", "NoMemoryError",
        "NoMethodError", "NotImplementedError", "Numeric", "Object", "ObjectSpace", "Observable", "OpenSSL",
        "OpenStruct",
        "OpenURI", "OptionParser", "PP", "PStore", "Pathname", "Prime", "Proc", "Process", "Psych", "Queue", "RBS",
        "RUBYGEMS", "Racc", "Ractor", "Rake", "Random", "Range", "RangeError", "Rational", "RbConfig", "Readline",
        "Refinement",
        "Regexp", "RegexpError", "Reline", "Resolv", "Ripper", "RubyVM", "RuntimeError", "STDERR", "STDIN", "STDOUT",
        "ScriptError", "SecureRandom", "SecurityError", "Set", "Shellwords", "Signal", "SignalException", "Singleton",
        "SizedQueue", "Socket", "SocketError", "SortedSet", "StandardError", "StopIteration", "String", "StringIO",
        "StringScanner", "Struct", "Symbol", "SyntaxError", "Syslog", "SystemCallError", "SystemExit",
        "SystemStackError",
        "TCPServer", "TCPSocket", "TOPLEVEL_BINDING", "TSort", "Tempfile", "Thread", "ThreadError", "ThreadGroup",
        "Time",
        "Timeout", "TracePoint", "TrueClass", "TypeError", "UDPSocket", "UNIXServer", "UNIXSocket", "URI",
        "UnboundMethod", "UncaughtThrowError", "UnicodeNormalize", "Vector", "WIN32OLE", "Warning", "WeakRef", "YAML",
        "ZeroDivisionError", "Zlib",
    ]

    /// Constants of the library that code inside of `Models` names.
    static let modelConstants: Set<String> = [
        "ABSENT", "Codecs", "Models", "Property", "Structure", "Union", "UnknownVariant", "Variant",
    ]

    /// The library's own errors, which are not in `Errors`.
    static let errorConstants: Set<String> = [
        "DecodingError", "GatewayError", "InvalidArgumentError", "MissingOptionError", "PaginationError",
        "ResponseError", "TimeoutError", "TransportError",
    ]

    /// Files of the standard library that a gem of the same name would hide.
    static let standardLibraries: Set<String> = [
        "abbrev", "base64", "benchmark", "bigdecimal", "bundler", "cgi", "coverage", "csv", "date", "dbm", "debug",
        "delegate", "digest", "drb", "english", "erb", "etc", "fcntl", "fiddle", "fileutils", "find", "forwardable",
        "gdbm", "getoptlong", "io", "ipaddr", "irb", "json", "kconv", "logger", "matrix", "mkmf", "monitor", "mutex_m",
        "net", "nkf", "objspace", "observer", "open3", "openssl", "optparse", "ostruct", "pathname", "pp",
        "prettyprint",
        "prime", "pstore", "psych", "pty", "racc", "rake", "rbconfig", "rdoc", "readline", "reline", "resolv", "rinda",
        "ripper", "rss", "rubygems", "securerandom", "set", "shellwords", "singleton", "socket", "stringio", "strscan",
        "syslog", "tempfile", "time", "timeout", "tmpdir", "tracer", "tsort", "un", "uri", "weakref", "yaml", "zlib",
    ]
}

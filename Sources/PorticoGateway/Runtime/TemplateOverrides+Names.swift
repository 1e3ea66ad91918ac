// Hot: once per mapped value of an exchange with overrides. Allocates: the lists of overrides.

internal import PorticoPrograms

/// Look-ups among what templates have overridden.
extension TemplateOverrides {
    /// Whether a template sets that header of the request to the backend; names compare in their own case.
    func overridesRequestHeader(_ name: UnsafeRawBufferPointer) -> Bool {
        !isEmpty && requestHeaders.contains { $0.name.withUnsafeBytes { bytesEqual($0, name) } }
    }

    /// Whether a template sets that query parameter of the request to the backend.
    func overridesRequestQuery(_ name: UnsafeRawBufferPointer) -> Bool {
        !isEmpty && requestQuery.contains { $0.name.withUnsafeBytes { bytesEqual($0, name) } }
    }

    /// Whether a template sets that header of the answer.
    func overridesResponseHeader(_ name: UnsafeRawBufferPointer) -> Bool {
        !isEmpty && responseHeaders.contains { $0.name.withUnsafeBytes { bytesEqual($0, name) } }
    }

    /// The value that a template sets for that path placeholder.
    func requestPath(named name: UnsafeRawBufferPointer) -> [UInt8]? {
        requestPath.first { $0.name.withUnsafeBytes { bytesEqual($0, name) } }?.values.first
    }
}

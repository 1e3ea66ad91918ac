internal import PorticoIR

/// How connections to a shared store stand, in Prometheus text.
enum SharedStoreText {
    static func append(_ statuses: [SharedStoreStatus], to bytes: inout [UInt8]) {
        func metric(_ name: String, _ type: String, _ help: String, _ value: (SharedStoreStatus) -> Int) {
            bytes += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n".utf8
            for status in statuses { bytes += "\(name){connection=\"\(status.name)\"} \(value(status))\n".utf8 }
        }
        metric("portico_shared_store_connected", "gauge", "Whether the shared store is connected.") {
            $0.isConnected ? 1 : 0
        }
        metric("portico_shared_store_commands_total", "counter", "Commands that the shared store answered.") {
            $0.commands.load(ordering: .relaxed)
        }
        metric("portico_shared_store_failures_total", "counter", "Commands that failed.") {
            $0.failures.load(ordering: .relaxed)
        }
        metric("portico_shared_store_timeouts_total", "counter", "Commands that were not answered in time.") {
            $0.timeouts.load(ordering: .relaxed)
        }
        metric("portico_shared_store_reconnects_total", "counter", "Connections that were made again.") {
            $0.reconnects
        }
    }
}

import Glibc

/// The stage's cache: time of a hit, and memory under a load of answers that are asked for once.
@main
enum Main {
    static func main() {
        let isHitFast = CacheHits.run()
        let isMemoryBounded = CacheMemory.run()
        exit(isHitFast && isMemoryBounded ? 0 : 1)
    }
}

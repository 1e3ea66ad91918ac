// Hot: no. Allocates: little.

internal import NIOPosix

extension NIOThreadPool {
    /// Ends the one thread of a pool once it has run everything that was submitted. A pool that is shut down right away
    /// hands what waits to some other thread, and does not wait for that.
    func finish() async {
        await withCheckedContinuation { done in submit { _ in done.resume() } }
        try? await shutdownGracefully()
    }
}

/// The files that the generator writes for Swift with `--layout sources`. The build must know them before it runs the
/// generator, so they are the same for every API. A test compares them with what is written.
enum ClientSources {
    static let fileNames = [
        "PorticoAPI.swift",
        "PorticoBaseErrors.swift",
        "PorticoByteStream.swift",
        "PorticoCallRun.swift",
        "PorticoChunkBuffer.swift",
        "PorticoClient.swift",
        "PorticoClientConfiguration.swift",
        "PorticoCodec.swift",
        "PorticoErrors.swift",
        "PorticoHTTPHeaders.swift",
        "PorticoHTTPTransport.swift",
        "PorticoJSON.swift",
        "PorticoJSONModel.swift",
        "PorticoJSONParser.swift",
        "PorticoJSONWriter.swift",
        "PorticoModels.swift",
        "PorticoOperations.swift",
        "PorticoPages.swift",
        "PorticoPreparedCall.swift",
        "PorticoSHA256.swift",
        "PorticoSessionExchange.swift",
        "PorticoSigner.swift",
        "PorticoSpillFile.swift",
        "PorticoURLSessionTransport.swift",
        "PorticoUploadPipe.swift",
        "PorticoValues.swift",
    ]
}

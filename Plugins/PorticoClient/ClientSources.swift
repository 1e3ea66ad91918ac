/// The files that the generator writes for Swift with `--layout sources`. The build must know them before it runs the
/// generator, so they are the same for every API. A test compares them with what is written.
enum ClientSources {
    static let fileNames = [
        "PorticoAPI.swift",
        "PorticoBaseErrors.swift",
        "PorticoByteStream.swift",
        "PorticoCall.swift",
        "PorticoCallRun.swift",
        "PorticoClient.swift",
        "PorticoCodec.swift",
        "PorticoConfiguration.swift",
        "PorticoErrors.swift",
        "PorticoExchange.swift",
        "PorticoHeaders.swift",
        "PorticoJSON.swift",
        "PorticoJSONParser.swift",
        "PorticoJSONWriter.swift",
        "PorticoModel.swift",
        "PorticoModels.swift",
        "PorticoOperations.swift",
        "PorticoPages.swift",
        "PorticoSHA256.swift",
        "PorticoSigner.swift",
        "PorticoTransport.swift",
        "PorticoURLSessionTransport.swift",
        "PorticoUploadPipe.swift",
        "PorticoValues.swift",
    ]
}

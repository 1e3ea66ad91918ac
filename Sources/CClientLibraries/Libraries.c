// Made by scripts/list-libraries; do not edit.
#include "CClientLibraries.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char file0[] = {
#embed "../PorticoCodegen/Libraries/curl/functions.sh" suffix(, 0) if_empty(0)
};

static const unsigned char file1[] = {
#embed "../PorticoCodegen/Libraries/go/body.go" suffix(, 0) if_empty(0)
};

static const unsigned char file2[] = {
#embed "../PorticoCodegen/Libraries/go/calls.go" suffix(, 0) if_empty(0)
};

static const unsigned char file3[] = {
#embed "../PorticoCodegen/Libraries/go/date.go" suffix(, 0) if_empty(0)
};

static const unsigned char file4[] = {
#embed "../PorticoCodegen/Libraries/go/failures.go" suffix(, 0) if_empty(0)
};

static const unsigned char file5[] = {
#embed "../PorticoCodegen/Libraries/go/frames.go" suffix(, 0) if_empty(0)
};

static const unsigned char file6[] = {
#embed "../PorticoCodegen/Libraries/go/go.mod" suffix(, 0) if_empty(0)
};

static const unsigned char file7[] = {
#embed "../PorticoCodegen/Libraries/go/json_decode.go" suffix(, 0) if_empty(0)
};

static const unsigned char file8[] = {
#embed "../PorticoCodegen/Libraries/go/json_encode.go" suffix(, 0) if_empty(0)
};

static const unsigned char file9[] = {
#embed "../PorticoCodegen/Libraries/go/json_plan.go" suffix(, 0) if_empty(0)
};

static const unsigned char file10[] = {
#embed "../PorticoCodegen/Libraries/go/json_scan.go" suffix(, 0) if_empty(0)
};

static const unsigned char file11[] = {
#embed "../PorticoCodegen/Libraries/go/link.go" suffix(, 0) if_empty(0)
};

static const unsigned char file12[] = {
#embed "../PorticoCodegen/Libraries/go/nullable.go" suffix(, 0) if_empty(0)
};

static const unsigned char file13[] = {
#embed "../PorticoCodegen/Libraries/go/options.go" suffix(, 0) if_empty(0)
};

static const unsigned char file14[] = {
#embed "../PorticoCodegen/Libraries/go/pager.go" suffix(, 0) if_empty(0)
};

static const unsigned char file15[] = {
#embed "../PorticoCodegen/Libraries/go/receiving.go" suffix(, 0) if_empty(0)
};

static const unsigned char file16[] = {
#embed "../PorticoCodegen/Libraries/go/request.go" suffix(, 0) if_empty(0)
};

static const unsigned char file17[] = {
#embed "../PorticoCodegen/Libraries/go/retry.go" suffix(, 0) if_empty(0)
};

static const unsigned char file18[] = {
#embed "../PorticoCodegen/Libraries/go/send.go" suffix(, 0) if_empty(0)
};

static const unsigned char file19[] = {
#embed "../PorticoCodegen/Libraries/go/service.go" suffix(, 0) if_empty(0)
};

static const unsigned char file20[] = {
#embed "../PorticoCodegen/Libraries/go/signing.go" suffix(, 0) if_empty(0)
};

static const unsigned char file21[] = {
#embed "../PorticoCodegen/Libraries/go/socket.go" suffix(, 0) if_empty(0)
};

static const unsigned char file22[] = {
#embed "../PorticoCodegen/Libraries/httpie/functions.sh" suffix(, 0) if_empty(0)
};

static const unsigned char file23[] = {
#embed "../PorticoCodegen/Libraries/java/Arguments.java" suffix(, 0) if_empty(0)
};

static const unsigned char file24[] = {
#embed "../PorticoCodegen/Libraries/java/Attempt.java" suffix(, 0) if_empty(0)
};

static const unsigned char file25[] = {
#embed "../PorticoCodegen/Libraries/java/AttemptResult.java" suffix(, 0) if_empty(0)
};

static const unsigned char file26[] = {
#embed "../PorticoCodegen/Libraries/java/Body.java" suffix(, 0) if_empty(0)
};

static const unsigned char file27[] = {
#embed "../PorticoCodegen/Libraries/java/Bytes.java" suffix(, 0) if_empty(0)
};

static const unsigned char file28[] = {
#embed "../PorticoCodegen/Libraries/java/Call.java" suffix(, 0) if_empty(0)
};

static const unsigned char file29[] = {
#embed "../PorticoCodegen/Libraries/java/CallOptions.java" suffix(, 0) if_empty(0)
};

static const unsigned char file30[] = {
#embed "../PorticoCodegen/Libraries/java/CallTimeoutException.java" suffix(, 0) if_empty(0)
};

static const unsigned char file31[] = {
#embed "../PorticoCodegen/Libraries/java/ClientBuilder.java" suffix(, 0) if_empty(0)
};

static const unsigned char file32[] = {
#embed "../PorticoCodegen/Libraries/java/Codec.java" suffix(, 0) if_empty(0)
};

static const unsigned char file33[] = {
#embed "../PorticoCodegen/Libraries/java/ConnectionClosedException.java" suffix(, 0) if_empty(0)
};

static const unsigned char file34[] = {
#embed "../PorticoCodegen/Libraries/java/Credentials.java" suffix(, 0) if_empty(0)
};

static const unsigned char file35[] = {
#embed "../PorticoCodegen/Libraries/java/DecodingException.java" suffix(, 0) if_empty(0)
};

static const unsigned char file36[] = {
#embed "../PorticoCodegen/Libraries/java/Download.java" suffix(, 0) if_empty(0)
};

static const unsigned char file37[] = {
#embed "../PorticoCodegen/Libraries/java/ErrorType.java" suffix(, 0) if_empty(0)
};

static const unsigned char file38[] = {
#embed "../PorticoCodegen/Libraries/java/Exchange.java" suffix(, 0) if_empty(0)
};

static const unsigned char file39[] = {
#embed "../PorticoCodegen/Libraries/java/Field.java" suffix(, 0) if_empty(0)
};

static const unsigned char file40[] = {
#embed "../PorticoCodegen/Libraries/java/GatewayException.java" suffix(, 0) if_empty(0)
};

static const unsigned char file41[] = {
#embed "../PorticoCodegen/Libraries/java/Header.java" suffix(, 0) if_empty(0)
};

static const unsigned char file42[] = {
#embed "../PorticoCodegen/Libraries/java/InvalidArgumentException.java" suffix(, 0) if_empty(0)
};

static const unsigned char file43[] = {
#embed "../PorticoCodegen/Libraries/java/JsonMismatch.java" suffix(, 0) if_empty(0)
};

static const unsigned char file44[] = {
#embed "../PorticoCodegen/Libraries/java/JsonParser.java" suffix(, 0) if_empty(0)
};

static const unsigned char file45[] = {
#embed "../PorticoCodegen/Libraries/java/JsonValue.java" suffix(, 0) if_empty(0)
};

static const unsigned char file46[] = {
#embed "../PorticoCodegen/Libraries/java/JsonWriter.java" suffix(, 0) if_empty(0)
};

static const unsigned char file47[] = {
#embed "../PorticoCodegen/Libraries/java/Matching.java" suffix(, 0) if_empty(0)
};

static const unsigned char file48[] = {
#embed "../PorticoCodegen/Libraries/java/ObjectReader.java" suffix(, 0) if_empty(0)
};

static const unsigned char file49[] = {
#embed "../PorticoCodegen/Libraries/java/Output.java" suffix(, 0) if_empty(0)
};

static const unsigned char file50[] = {
#embed "../PorticoCodegen/Libraries/java/Pages.java" suffix(, 0) if_empty(0)
};

static const unsigned char file51[] = {
#embed "../PorticoCodegen/Libraries/java/PagingException.java" suffix(, 0) if_empty(0)
};

static const unsigned char file52[] = {
#embed "../PorticoCodegen/Libraries/java/Provider.java" suffix(, 0) if_empty(0)
};

static const unsigned char file53[] = {
#embed "../PorticoCodegen/Libraries/java/Response.java" suffix(, 0) if_empty(0)
};

static const unsigned char file54[] = {
#embed "../PorticoCodegen/Libraries/java/ResponseException.java" suffix(, 0) if_empty(0)
};

static const unsigned char file55[] = {
#embed "../PorticoCodegen/Libraries/java/Retries.java" suffix(, 0) if_empty(0)
};

static const unsigned char file56[] = {
#embed "../PorticoCodegen/Libraries/java/SdkException.java" suffix(, 0) if_empty(0)
};

static const unsigned char file57[] = {
#embed "../PorticoCodegen/Libraries/java/Security.java" suffix(, 0) if_empty(0)
};

static const unsigned char file58[] = {
#embed "../PorticoCodegen/Libraries/java/Signer.java" suffix(, 0) if_empty(0)
};

static const unsigned char file59[] = {
#embed "../PorticoCodegen/Libraries/java/Sleeper.java" suffix(, 0) if_empty(0)
};

static const unsigned char file60[] = {
#embed "../PorticoCodegen/Libraries/java/SocketConnection.java" suffix(, 0) if_empty(0)
};

static const unsigned char file61[] = {
#embed "../PorticoCodegen/Libraries/java/SocketListener.java" suffix(, 0) if_empty(0)
};

static const unsigned char file62[] = {
#embed "../PorticoCodegen/Libraries/java/SocketMessage.java" suffix(, 0) if_empty(0)
};

static const unsigned char file63[] = {
#embed "../PorticoCodegen/Libraries/java/SocketOptions.java" suffix(, 0) if_empty(0)
};

static const unsigned char file64[] = {
#embed "../PorticoCodegen/Libraries/java/SocketSetup.java" suffix(, 0) if_empty(0)
};

static const unsigned char file65[] = {
#embed "../PorticoCodegen/Libraries/java/TextEnum.java" suffix(, 0) if_empty(0)
};

static const unsigned char file66[] = {
#embed "../PorticoCodegen/Libraries/java/Transport.java" suffix(, 0) if_empty(0)
};

static const unsigned char file67[] = {
#embed "../PorticoCodegen/Libraries/java/TransportException.java" suffix(, 0) if_empty(0)
};

static const unsigned char file68[] = {
#embed "../PorticoCodegen/Libraries/java/ValueText.java" suffix(, 0) if_empty(0)
};

static const unsigned char file69[] = {
#embed "../PorticoCodegen/Libraries/kotlin/Awaiting.kt" suffix(, 0) if_empty(0)
};

static const unsigned char file70[] = {
#embed "../PorticoCodegen/Libraries/kotlin/Configuring.kt" suffix(, 0) if_empty(0)
};

static const unsigned char file71[] = {
#embed "../PorticoCodegen/Libraries/kotlin/SuspendPages.kt" suffix(, 0) if_empty(0)
};

static const unsigned char file72[] = {
#embed "../PorticoCodegen/Libraries/kotlin/SuspendSocket.kt" suffix(, 0) if_empty(0)
};

static const unsigned char file73[] = {
#embed "../PorticoCodegen/Libraries/python/__init__.py" suffix(, 0) if_empty(0)
};

static const unsigned char file74[] = {
#embed "../PorticoCodegen/Libraries/python/aio.py" suffix(, 0) if_empty(0)
};

static const unsigned char file75[] = {
#embed "../PorticoCodegen/Libraries/python/async_sockets.py" suffix(, 0) if_empty(0)
};

static const unsigned char file76[] = {
#embed "../PorticoCodegen/Libraries/python/async_transport.py" suffix(, 0) if_empty(0)
};

static const unsigned char file77[] = {
#embed "../PorticoCodegen/Libraries/python/bodies.py" suffix(, 0) if_empty(0)
};

static const unsigned char file78[] = {
#embed "../PorticoCodegen/Libraries/python/client.py" suffix(, 0) if_empty(0)
};

static const unsigned char file79[] = {
#embed "../PorticoCodegen/Libraries/python/coding.py" suffix(, 0) if_empty(0)
};

static const unsigned char file80[] = {
#embed "../PorticoCodegen/Libraries/python/engine.py" suffix(, 0) if_empty(0)
};

static const unsigned char file81[] = {
#embed "../PorticoCodegen/Libraries/python/errors.py" suffix(, 0) if_empty(0)
};

static const unsigned char file82[] = {
#embed "../PorticoCodegen/Libraries/python/frames.py" suffix(, 0) if_empty(0)
};

static const unsigned char file83[] = {
#embed "../PorticoCodegen/Libraries/python/handshake.py" suffix(, 0) if_empty(0)
};

static const unsigned char file84[] = {
#embed "../PorticoCodegen/Libraries/python/headers.py" suffix(, 0) if_empty(0)
};

static const unsigned char file85[] = {
#embed "../PorticoCodegen/Libraries/python/messages.py" suffix(, 0) if_empty(0)
};

static const unsigned char file86[] = {
#embed "../PorticoCodegen/Libraries/python/models.py" suffix(, 0) if_empty(0)
};

static const unsigned char file87[] = {
#embed "../PorticoCodegen/Libraries/python/operations.py" suffix(, 0) if_empty(0)
};

static const unsigned char file88[] = {
#embed "../PorticoCodegen/Libraries/python/options.py" suffix(, 0) if_empty(0)
};

static const unsigned char file89[] = {
#embed "../PorticoCodegen/Libraries/python/paging.py" suffix(, 0) if_empty(0)
};

static const unsigned char file90[] = {
#embed "../PorticoCodegen/Libraries/python/retries.py" suffix(, 0) if_empty(0)
};

static const unsigned char file91[] = {
#embed "../PorticoCodegen/Libraries/python/signing.py" suffix(, 0) if_empty(0)
};

static const unsigned char file92[] = {
#embed "../PorticoCodegen/Libraries/python/sockets.py" suffix(, 0) if_empty(0)
};

static const unsigned char file93[] = {
#embed "../PorticoCodegen/Libraries/python/sync_sockets.py" suffix(, 0) if_empty(0)
};

static const unsigned char file94[] = {
#embed "../PorticoCodegen/Libraries/python/sync_transport.py" suffix(, 0) if_empty(0)
};

static const unsigned char file95[] = {
#embed "../PorticoCodegen/Libraries/python/times.py" suffix(, 0) if_empty(0)
};

static const unsigned char file96[] = {
#embed "../PorticoCodegen/Libraries/python/unset.py" suffix(, 0) if_empty(0)
};

static const unsigned char file97[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file98[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime.rbs" suffix(, 0) if_empty(0)
};

static const unsigned char file99[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/answers.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file100[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/authorizer.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file101[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/base_client.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file102[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/base_socket.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file103[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/body.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file104[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/codecs.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file105[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/coding.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file106[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/connection.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file107[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/connections.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file108[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/containers.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file109[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/deadline.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file110[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/encoding.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file111[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/endpoint.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file112[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/errors.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file113[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/frames.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file114[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/handshake.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file115[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/operation.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file116[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/options.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file117[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/pages.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file118[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/request.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file119[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/response.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file120[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/retries.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file121[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/runner.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file122[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/signer.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file123[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/sockets.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file124[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/sockets.rbs" suffix(, 0) if_empty(0)
};

static const unsigned char file125[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/structure.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file126[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/transport.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file127[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/union.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file128[] = {
#embed "../PorticoCodegen/Libraries/ruby/runtime/wire.rb" suffix(, 0) if_empty(0)
};

static const unsigned char file129[] = {
#embed "../PorticoCodegen/Libraries/swift/BaseErrors.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file130[] = {
#embed "../PorticoCodegen/Libraries/swift/ByteStream.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file131[] = {
#embed "../PorticoCodegen/Libraries/swift/CallRun.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file132[] = {
#embed "../PorticoCodegen/Libraries/swift/ChunkBuffer.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file133[] = {
#embed "../PorticoCodegen/Libraries/swift/Client.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file134[] = {
#embed "../PorticoCodegen/Libraries/swift/ClientConfiguration.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file135[] = {
#embed "../PorticoCodegen/Libraries/swift/Codec.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file136[] = {
#embed "../PorticoCodegen/Libraries/swift/HTTPHeaders.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file137[] = {
#embed "../PorticoCodegen/Libraries/swift/HTTPTransport.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file138[] = {
#embed "../PorticoCodegen/Libraries/swift/JSON.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file139[] = {
#embed "../PorticoCodegen/Libraries/swift/JSONModel.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file140[] = {
#embed "../PorticoCodegen/Libraries/swift/JSONParser.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file141[] = {
#embed "../PorticoCodegen/Libraries/swift/JSONWriter.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file142[] = {
#embed "../PorticoCodegen/Libraries/swift/MessageSocket.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file143[] = {
#embed "../PorticoCodegen/Libraries/swift/Pages.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file144[] = {
#embed "../PorticoCodegen/Libraries/swift/PreparedCall.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file145[] = {
#embed "../PorticoCodegen/Libraries/swift/SHA256.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file146[] = {
#embed "../PorticoCodegen/Libraries/swift/SessionExchange.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file147[] = {
#embed "../PorticoCodegen/Libraries/swift/Signer.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file148[] = {
#embed "../PorticoCodegen/Libraries/swift/SocketConnection.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file149[] = {
#embed "../PorticoCodegen/Libraries/swift/SocketFrames.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file150[] = {
#embed "../PorticoCodegen/Libraries/swift/SocketHandshake.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file151[] = {
#embed "../PorticoCodegen/Libraries/swift/SocketTLS.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file152[] = {
#embed "../PorticoCodegen/Libraries/swift/SocketTransport.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file153[] = {
#embed "../PorticoCodegen/Libraries/swift/SpillFile.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file154[] = {
#embed "../PorticoCodegen/Libraries/swift/SystemSocketTransport.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file155[] = {
#embed "../PorticoCodegen/Libraries/swift/URLSessionTransport.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file156[] = {
#embed "../PorticoCodegen/Libraries/swift/UploadPipe.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file157[] = {
#embed "../PorticoCodegen/Libraries/swift/Values.swift" suffix(, 0) if_empty(0)
};

static const unsigned char file158[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/base64.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file159[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/base64.js" suffix(, 0) if_empty(0)
};

static const unsigned char file160[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/bodies.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file161[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/bodies.js" suffix(, 0) if_empty(0)
};

static const unsigned char file162[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/call.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file163[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/call.js" suffix(, 0) if_empty(0)
};

static const unsigned char file164[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/client.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file165[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/client.js" suffix(, 0) if_empty(0)
};

static const unsigned char file166[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/credentials.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file167[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/credentials.js" suffix(, 0) if_empty(0)
};

static const unsigned char file168[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/dates.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file169[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/dates.js" suffix(, 0) if_empty(0)
};

static const unsigned char file170[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/decode.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file171[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/decode.js" suffix(, 0) if_empty(0)
};

static const unsigned char file172[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/encode.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file173[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/encode.js" suffix(, 0) if_empty(0)
};

static const unsigned char file174[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/errors.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file175[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/errors.js" suffix(, 0) if_empty(0)
};

static const unsigned char file176[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/index.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file177[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/index.js" suffix(, 0) if_empty(0)
};

static const unsigned char file178[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/json.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file179[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/json.js" suffix(, 0) if_empty(0)
};

static const unsigned char file180[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/limits.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file181[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/limits.js" suffix(, 0) if_empty(0)
};

static const unsigned char file182[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/operations.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file183[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/operations.js" suffix(, 0) if_empty(0)
};

static const unsigned char file184[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/options.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file185[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/options.js" suffix(, 0) if_empty(0)
};

static const unsigned char file186[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/paging.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file187[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/paging.js" suffix(, 0) if_empty(0)
};

static const unsigned char file188[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/request.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file189[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/request.js" suffix(, 0) if_empty(0)
};

static const unsigned char file190[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/response.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file191[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/response.js" suffix(, 0) if_empty(0)
};

static const unsigned char file192[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/retry.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file193[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/retry.js" suffix(, 0) if_empty(0)
};

static const unsigned char file194[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/signing.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file195[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/signing.js" suffix(, 0) if_empty(0)
};

static const unsigned char file196[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/socket.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file197[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/socket.js" suffix(, 0) if_empty(0)
};

static const unsigned char file198[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/types.d.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file199[] = {
#embed "../PorticoCodegen/Libraries/typescript/dist/library/types.js" suffix(, 0) if_empty(0)
};

static const unsigned char file200[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/base64.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file201[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/bodies.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file202[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/call.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file203[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/client.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file204[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/credentials.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file205[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/dates.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file206[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/decode.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file207[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/encode.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file208[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/errors.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file209[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/index.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file210[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/json.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file211[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/limits.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file212[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/operations.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file213[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/options.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file214[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/paging.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file215[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/request.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file216[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/response.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file217[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/retry.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file218[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/signing.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file219[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/socket.ts" suffix(, 0) if_empty(0)
};

static const unsigned char file220[] = {
#embed "../PorticoCodegen/Libraries/typescript/src/library/types.ts" suffix(, 0) if_empty(0)
};

static const client_library_file files[] = {
    {"curl/functions.sh", file0, sizeof file0 - 1},
    {"go/body.go", file1, sizeof file1 - 1},
    {"go/calls.go", file2, sizeof file2 - 1},
    {"go/date.go", file3, sizeof file3 - 1},
    {"go/failures.go", file4, sizeof file4 - 1},
    {"go/frames.go", file5, sizeof file5 - 1},
    {"go/go.mod", file6, sizeof file6 - 1},
    {"go/json_decode.go", file7, sizeof file7 - 1},
    {"go/json_encode.go", file8, sizeof file8 - 1},
    {"go/json_plan.go", file9, sizeof file9 - 1},
    {"go/json_scan.go", file10, sizeof file10 - 1},
    {"go/link.go", file11, sizeof file11 - 1},
    {"go/nullable.go", file12, sizeof file12 - 1},
    {"go/options.go", file13, sizeof file13 - 1},
    {"go/pager.go", file14, sizeof file14 - 1},
    {"go/receiving.go", file15, sizeof file15 - 1},
    {"go/request.go", file16, sizeof file16 - 1},
    {"go/retry.go", file17, sizeof file17 - 1},
    {"go/send.go", file18, sizeof file18 - 1},
    {"go/service.go", file19, sizeof file19 - 1},
    {"go/signing.go", file20, sizeof file20 - 1},
    {"go/socket.go", file21, sizeof file21 - 1},
    {"httpie/functions.sh", file22, sizeof file22 - 1},
    {"java/Arguments.java", file23, sizeof file23 - 1},
    {"java/Attempt.java", file24, sizeof file24 - 1},
    {"java/AttemptResult.java", file25, sizeof file25 - 1},
    {"java/Body.java", file26, sizeof file26 - 1},
    {"java/Bytes.java", file27, sizeof file27 - 1},
    {"java/Call.java", file28, sizeof file28 - 1},
    {"java/CallOptions.java", file29, sizeof file29 - 1},
    {"java/CallTimeoutException.java", file30, sizeof file30 - 1},
    {"java/ClientBuilder.java", file31, sizeof file31 - 1},
    {"java/Codec.java", file32, sizeof file32 - 1},
    {"java/ConnectionClosedException.java", file33, sizeof file33 - 1},
    {"java/Credentials.java", file34, sizeof file34 - 1},
    {"java/DecodingException.java", file35, sizeof file35 - 1},
    {"java/Download.java", file36, sizeof file36 - 1},
    {"java/ErrorType.java", file37, sizeof file37 - 1},
    {"java/Exchange.java", file38, sizeof file38 - 1},
    {"java/Field.java", file39, sizeof file39 - 1},
    {"java/GatewayException.java", file40, sizeof file40 - 1},
    {"java/Header.java", file41, sizeof file41 - 1},
    {"java/InvalidArgumentException.java", file42, sizeof file42 - 1},
    {"java/JsonMismatch.java", file43, sizeof file43 - 1},
    {"java/JsonParser.java", file44, sizeof file44 - 1},
    {"java/JsonValue.java", file45, sizeof file45 - 1},
    {"java/JsonWriter.java", file46, sizeof file46 - 1},
    {"java/Matching.java", file47, sizeof file47 - 1},
    {"java/ObjectReader.java", file48, sizeof file48 - 1},
    {"java/Output.java", file49, sizeof file49 - 1},
    {"java/Pages.java", file50, sizeof file50 - 1},
    {"java/PagingException.java", file51, sizeof file51 - 1},
    {"java/Provider.java", file52, sizeof file52 - 1},
    {"java/Response.java", file53, sizeof file53 - 1},
    {"java/ResponseException.java", file54, sizeof file54 - 1},
    {"java/Retries.java", file55, sizeof file55 - 1},
    {"java/SdkException.java", file56, sizeof file56 - 1},
    {"java/Security.java", file57, sizeof file57 - 1},
    {"java/Signer.java", file58, sizeof file58 - 1},
    {"java/Sleeper.java", file59, sizeof file59 - 1},
    {"java/SocketConnection.java", file60, sizeof file60 - 1},
    {"java/SocketListener.java", file61, sizeof file61 - 1},
    {"java/SocketMessage.java", file62, sizeof file62 - 1},
    {"java/SocketOptions.java", file63, sizeof file63 - 1},
    {"java/SocketSetup.java", file64, sizeof file64 - 1},
    {"java/TextEnum.java", file65, sizeof file65 - 1},
    {"java/Transport.java", file66, sizeof file66 - 1},
    {"java/TransportException.java", file67, sizeof file67 - 1},
    {"java/ValueText.java", file68, sizeof file68 - 1},
    {"kotlin/Awaiting.kt", file69, sizeof file69 - 1},
    {"kotlin/Configuring.kt", file70, sizeof file70 - 1},
    {"kotlin/SuspendPages.kt", file71, sizeof file71 - 1},
    {"kotlin/SuspendSocket.kt", file72, sizeof file72 - 1},
    {"python/__init__.py", file73, sizeof file73 - 1},
    {"python/aio.py", file74, sizeof file74 - 1},
    {"python/async_sockets.py", file75, sizeof file75 - 1},
    {"python/async_transport.py", file76, sizeof file76 - 1},
    {"python/bodies.py", file77, sizeof file77 - 1},
    {"python/client.py", file78, sizeof file78 - 1},
    {"python/coding.py", file79, sizeof file79 - 1},
    {"python/engine.py", file80, sizeof file80 - 1},
    {"python/errors.py", file81, sizeof file81 - 1},
    {"python/frames.py", file82, sizeof file82 - 1},
    {"python/handshake.py", file83, sizeof file83 - 1},
    {"python/headers.py", file84, sizeof file84 - 1},
    {"python/messages.py", file85, sizeof file85 - 1},
    {"python/models.py", file86, sizeof file86 - 1},
    {"python/operations.py", file87, sizeof file87 - 1},
    {"python/options.py", file88, sizeof file88 - 1},
    {"python/paging.py", file89, sizeof file89 - 1},
    {"python/retries.py", file90, sizeof file90 - 1},
    {"python/signing.py", file91, sizeof file91 - 1},
    {"python/sockets.py", file92, sizeof file92 - 1},
    {"python/sync_sockets.py", file93, sizeof file93 - 1},
    {"python/sync_transport.py", file94, sizeof file94 - 1},
    {"python/times.py", file95, sizeof file95 - 1},
    {"python/unset.py", file96, sizeof file96 - 1},
    {"ruby/runtime.rb", file97, sizeof file97 - 1},
    {"ruby/runtime.rbs", file98, sizeof file98 - 1},
    {"ruby/runtime/answers.rb", file99, sizeof file99 - 1},
    {"ruby/runtime/authorizer.rb", file100, sizeof file100 - 1},
    {"ruby/runtime/base_client.rb", file101, sizeof file101 - 1},
    {"ruby/runtime/base_socket.rb", file102, sizeof file102 - 1},
    {"ruby/runtime/body.rb", file103, sizeof file103 - 1},
    {"ruby/runtime/codecs.rb", file104, sizeof file104 - 1},
    {"ruby/runtime/coding.rb", file105, sizeof file105 - 1},
    {"ruby/runtime/connection.rb", file106, sizeof file106 - 1},
    {"ruby/runtime/connections.rb", file107, sizeof file107 - 1},
    {"ruby/runtime/containers.rb", file108, sizeof file108 - 1},
    {"ruby/runtime/deadline.rb", file109, sizeof file109 - 1},
    {"ruby/runtime/encoding.rb", file110, sizeof file110 - 1},
    {"ruby/runtime/endpoint.rb", file111, sizeof file111 - 1},
    {"ruby/runtime/errors.rb", file112, sizeof file112 - 1},
    {"ruby/runtime/frames.rb", file113, sizeof file113 - 1},
    {"ruby/runtime/handshake.rb", file114, sizeof file114 - 1},
    {"ruby/runtime/operation.rb", file115, sizeof file115 - 1},
    {"ruby/runtime/options.rb", file116, sizeof file116 - 1},
    {"ruby/runtime/pages.rb", file117, sizeof file117 - 1},
    {"ruby/runtime/request.rb", file118, sizeof file118 - 1},
    {"ruby/runtime/response.rb", file119, sizeof file119 - 1},
    {"ruby/runtime/retries.rb", file120, sizeof file120 - 1},
    {"ruby/runtime/runner.rb", file121, sizeof file121 - 1},
    {"ruby/runtime/signer.rb", file122, sizeof file122 - 1},
    {"ruby/runtime/sockets.rb", file123, sizeof file123 - 1},
    {"ruby/runtime/sockets.rbs", file124, sizeof file124 - 1},
    {"ruby/runtime/structure.rb", file125, sizeof file125 - 1},
    {"ruby/runtime/transport.rb", file126, sizeof file126 - 1},
    {"ruby/runtime/union.rb", file127, sizeof file127 - 1},
    {"ruby/runtime/wire.rb", file128, sizeof file128 - 1},
    {"swift/BaseErrors.swift", file129, sizeof file129 - 1},
    {"swift/ByteStream.swift", file130, sizeof file130 - 1},
    {"swift/CallRun.swift", file131, sizeof file131 - 1},
    {"swift/ChunkBuffer.swift", file132, sizeof file132 - 1},
    {"swift/Client.swift", file133, sizeof file133 - 1},
    {"swift/ClientConfiguration.swift", file134, sizeof file134 - 1},
    {"swift/Codec.swift", file135, sizeof file135 - 1},
    {"swift/HTTPHeaders.swift", file136, sizeof file136 - 1},
    {"swift/HTTPTransport.swift", file137, sizeof file137 - 1},
    {"swift/JSON.swift", file138, sizeof file138 - 1},
    {"swift/JSONModel.swift", file139, sizeof file139 - 1},
    {"swift/JSONParser.swift", file140, sizeof file140 - 1},
    {"swift/JSONWriter.swift", file141, sizeof file141 - 1},
    {"swift/MessageSocket.swift", file142, sizeof file142 - 1},
    {"swift/Pages.swift", file143, sizeof file143 - 1},
    {"swift/PreparedCall.swift", file144, sizeof file144 - 1},
    {"swift/SHA256.swift", file145, sizeof file145 - 1},
    {"swift/SessionExchange.swift", file146, sizeof file146 - 1},
    {"swift/Signer.swift", file147, sizeof file147 - 1},
    {"swift/SocketConnection.swift", file148, sizeof file148 - 1},
    {"swift/SocketFrames.swift", file149, sizeof file149 - 1},
    {"swift/SocketHandshake.swift", file150, sizeof file150 - 1},
    {"swift/SocketTLS.swift", file151, sizeof file151 - 1},
    {"swift/SocketTransport.swift", file152, sizeof file152 - 1},
    {"swift/SpillFile.swift", file153, sizeof file153 - 1},
    {"swift/SystemSocketTransport.swift", file154, sizeof file154 - 1},
    {"swift/URLSessionTransport.swift", file155, sizeof file155 - 1},
    {"swift/UploadPipe.swift", file156, sizeof file156 - 1},
    {"swift/Values.swift", file157, sizeof file157 - 1},
    {"typescript/dist/library/base64.d.ts", file158, sizeof file158 - 1},
    {"typescript/dist/library/base64.js", file159, sizeof file159 - 1},
    {"typescript/dist/library/bodies.d.ts", file160, sizeof file160 - 1},
    {"typescript/dist/library/bodies.js", file161, sizeof file161 - 1},
    {"typescript/dist/library/call.d.ts", file162, sizeof file162 - 1},
    {"typescript/dist/library/call.js", file163, sizeof file163 - 1},
    {"typescript/dist/library/client.d.ts", file164, sizeof file164 - 1},
    {"typescript/dist/library/client.js", file165, sizeof file165 - 1},
    {"typescript/dist/library/credentials.d.ts", file166, sizeof file166 - 1},
    {"typescript/dist/library/credentials.js", file167, sizeof file167 - 1},
    {"typescript/dist/library/dates.d.ts", file168, sizeof file168 - 1},
    {"typescript/dist/library/dates.js", file169, sizeof file169 - 1},
    {"typescript/dist/library/decode.d.ts", file170, sizeof file170 - 1},
    {"typescript/dist/library/decode.js", file171, sizeof file171 - 1},
    {"typescript/dist/library/encode.d.ts", file172, sizeof file172 - 1},
    {"typescript/dist/library/encode.js", file173, sizeof file173 - 1},
    {"typescript/dist/library/errors.d.ts", file174, sizeof file174 - 1},
    {"typescript/dist/library/errors.js", file175, sizeof file175 - 1},
    {"typescript/dist/library/index.d.ts", file176, sizeof file176 - 1},
    {"typescript/dist/library/index.js", file177, sizeof file177 - 1},
    {"typescript/dist/library/json.d.ts", file178, sizeof file178 - 1},
    {"typescript/dist/library/json.js", file179, sizeof file179 - 1},
    {"typescript/dist/library/limits.d.ts", file180, sizeof file180 - 1},
    {"typescript/dist/library/limits.js", file181, sizeof file181 - 1},
    {"typescript/dist/library/operations.d.ts", file182, sizeof file182 - 1},
    {"typescript/dist/library/operations.js", file183, sizeof file183 - 1},
    {"typescript/dist/library/options.d.ts", file184, sizeof file184 - 1},
    {"typescript/dist/library/options.js", file185, sizeof file185 - 1},
    {"typescript/dist/library/paging.d.ts", file186, sizeof file186 - 1},
    {"typescript/dist/library/paging.js", file187, sizeof file187 - 1},
    {"typescript/dist/library/request.d.ts", file188, sizeof file188 - 1},
    {"typescript/dist/library/request.js", file189, sizeof file189 - 1},
    {"typescript/dist/library/response.d.ts", file190, sizeof file190 - 1},
    {"typescript/dist/library/response.js", file191, sizeof file191 - 1},
    {"typescript/dist/library/retry.d.ts", file192, sizeof file192 - 1},
    {"typescript/dist/library/retry.js", file193, sizeof file193 - 1},
    {"typescript/dist/library/signing.d.ts", file194, sizeof file194 - 1},
    {"typescript/dist/library/signing.js", file195, sizeof file195 - 1},
    {"typescript/dist/library/socket.d.ts", file196, sizeof file196 - 1},
    {"typescript/dist/library/socket.js", file197, sizeof file197 - 1},
    {"typescript/dist/library/types.d.ts", file198, sizeof file198 - 1},
    {"typescript/dist/library/types.js", file199, sizeof file199 - 1},
    {"typescript/src/library/base64.ts", file200, sizeof file200 - 1},
    {"typescript/src/library/bodies.ts", file201, sizeof file201 - 1},
    {"typescript/src/library/call.ts", file202, sizeof file202 - 1},
    {"typescript/src/library/client.ts", file203, sizeof file203 - 1},
    {"typescript/src/library/credentials.ts", file204, sizeof file204 - 1},
    {"typescript/src/library/dates.ts", file205, sizeof file205 - 1},
    {"typescript/src/library/decode.ts", file206, sizeof file206 - 1},
    {"typescript/src/library/encode.ts", file207, sizeof file207 - 1},
    {"typescript/src/library/errors.ts", file208, sizeof file208 - 1},
    {"typescript/src/library/index.ts", file209, sizeof file209 - 1},
    {"typescript/src/library/json.ts", file210, sizeof file210 - 1},
    {"typescript/src/library/limits.ts", file211, sizeof file211 - 1},
    {"typescript/src/library/operations.ts", file212, sizeof file212 - 1},
    {"typescript/src/library/options.ts", file213, sizeof file213 - 1},
    {"typescript/src/library/paging.ts", file214, sizeof file214 - 1},
    {"typescript/src/library/request.ts", file215, sizeof file215 - 1},
    {"typescript/src/library/response.ts", file216, sizeof file216 - 1},
    {"typescript/src/library/retry.ts", file217, sizeof file217 - 1},
    {"typescript/src/library/signing.ts", file218, sizeof file218 - 1},
    {"typescript/src/library/socket.ts", file219, sizeof file219 - 1},
    {"typescript/src/library/types.ts", file220, sizeof file220 - 1},
    {0, 0, 0},
};

const client_library_file *client_library_files(size_t *count) {
    *count = 221;
    return files;
}

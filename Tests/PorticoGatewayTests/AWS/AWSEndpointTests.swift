import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite struct AWSEndpointTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var arn: String
        var base: String
        var signing: String
        var testDescription: String { arn }

        init(_ arn: String, _ base: String, _ signing: String) {
            self.arn = arn
            self.base = base
            self.signing = signing
        }
    }

    static let addresses: [Row] = [
        Row(
            "arn:aws:apigateway:eu-west-1:dynamodb:action/GetItem", "https://dynamodb.eu-west-1.amazonaws.com",
            "dynamodb eu-west-1"),
        Row("arn:aws:apigateway:us-east-1:sqs:path/1/q", "https://sqs.us-east-1.amazonaws.com", "sqs us-east-1"),
        Row("arn:aws:apigateway:us-east-1:sns:action/Publish", "https://sns.us-east-1.amazonaws.com", "sns us-east-1"),
        Row(
            "arn:aws:apigateway:us-east-1:states:action/StartExecution", "https://states.us-east-1.amazonaws.com",
            "states us-east-1"),
        Row(
            "arn:aws:apigateway:us-east-1:kinesis:action/PutRecord", "https://kinesis.us-east-1.amazonaws.com",
            "kinesis us-east-1"),
        Row(
            "arn:aws:apigateway:us-east-1:firehose:action/PutRecord", "https://firehose.us-east-1.amazonaws.com",
            "firehose us-east-1"),
        Row(
            "arn:aws:apigateway:us-east-1:events:action/PutEvents", "https://events.us-east-1.amazonaws.com",
            "events us-east-1"),
        Row(
            "arn:aws:apigateway:us-east-1:logs:action/PutLogEvents", "https://logs.us-east-1.amazonaws.com",
            "logs us-east-1"),
        Row(
            "arn:aws:apigateway:us-east-1:ssm:action/GetParameter", "https://ssm.us-east-1.amazonaws.com",
            "ssm us-east-1"),
        Row(
            "arn:aws:apigateway:us-east-1:monitoring:action/PutMetricData",
            "https://monitoring.us-east-1.amazonaws.com", "monitoring us-east-1"),
        Row(
            "arn:aws:apigateway:us-east-1:secretsmanager:action/GetSecretValue",
            "https://secretsmanager.us-east-1.amazonaws.com", "secretsmanager us-east-1"),
        Row(
            "arn:aws:apigateway:us-east-1:cognito-idp:action/InitiateAuth",
            "https://cognito-idp.us-east-1.amazonaws.com", "cognito-idp us-east-1"),
        Row(
            "arn:aws:apigateway:us-east-1:email:action/SendEmail", "https://email.us-east-1.amazonaws.com",
            "ses us-east-1"),
        Row(
            "arn:aws:apigateway:eu-west-1:s3:path/{bucket}/{key}", "https://s3.eu-west-1.amazonaws.com", "s3 eu-west-1"),
        Row(
            "arn:aws:apigateway:eu-west-1:photos.s3:path/{key}", "https://photos.s3.eu-west-1.amazonaws.com",
            "s3 eu-west-1"),
        // A certificate covers one label.
        Row(
            "arn:aws:apigateway:eu-west-1:photos.example.com.s3:path/k",
            "https://s3.eu-west-1.amazonaws.com/photos.example.com", "s3 eu-west-1"),
        Row(
            "arn:aws:apigateway:us-west-2:runtime.sagemaker:path/endpoints/e/invocations",
            "https://runtime.sagemaker.us-west-2.amazonaws.com", "sagemaker us-west-2"),
        Row(
            "arn:aws:apigateway:us-west-2:a1b2-ats.iotdata:path/topics/t",
            "https://a1b2-ats.iot.us-west-2.amazonaws.com", "iotdata us-west-2"),
        Row("arn:aws:apigateway:us-west-2:iot:path/things", "https://iot.us-west-2.amazonaws.com", "iot us-west-2"),
        Row(
            "arn:aws:apigateway:us-west-2:abc123.execute-api:path/prod/@connections/x",
            "https://abc123.execute-api.us-west-2.amazonaws.com", "execute-api us-west-2"),
        Row(
            "arn:aws:apigateway:us-west-2:abc.appsync-api:path/graphql",
            "https://abc.appsync-api.us-west-2.amazonaws.com", "appsync us-west-2"),
        Row(
            "arn:aws:apigateway:us-east-1:api.ecr:action/ListImages", "https://api.ecr.us-east-1.amazonaws.com",
            "ecr us-east-1"),
        // One address for all regions, signed for the region that it is in.
        Row("arn:aws:apigateway:eu-west-1:iam:action/ListUsers", "https://iam.amazonaws.com", "iam us-east-1"),
        Row(
            "arn:aws:apigateway:eu-west-1:route53:path/2013-04-01/hostedzone", "https://route53.amazonaws.com",
            "route53 us-east-1"),
        Row(
            "arn:aws:apigateway:eu-west-1:cloudfront:path/2020-05-31/distribution", "https://cloudfront.amazonaws.com",
            "cloudfront us-east-1"),
        Row(
            "arn:aws:apigateway:eu-west-1:sts:action/GetCallerIdentity", "https://sts.eu-west-1.amazonaws.com",
            "sts eu-west-1"),
        // Partitions.
        Row(
            "arn:aws-cn:apigateway:cn-north-1:sqs:path/1/q", "https://sqs.cn-north-1.amazonaws.com.cn", "sqs cn-north-1"
        ),
        Row(
            "arn:aws-us-gov:apigateway:us-gov-west-1:dynamodb:action/Query",
            "https://dynamodb.us-gov-west-1.amazonaws.com", "dynamodb us-gov-west-1"),
        Row(
            "arn:aws-cn:apigateway:cn-north-1:iam:action/ListUsers", "https://iam.cn-north-1.amazonaws.com.cn",
            "iam cn-north-1"),
        // The case of the service does not count.
        Row(
            "arn:aws:apigateway:us-east-1:DynamoDB:action/Scan", "https://dynamodb.us-east-1.amazonaws.com",
            "dynamodb us-east-1"),
    ]

    @Test("a service is where its name, region and partition say, and signed for its own name", arguments: addresses)
    func address(_ row: Row) throws {
        let arn = try #require(IntegrationARN(row.arn))
        let endpoint = try AWSEndpoint(arn, ServiceEndpoints([]))
        #expect(endpoint.base == row.base)
        #expect("\(endpoint.service.signingName) \(endpoint.signingRegion)" == row.signing)
    }

    @Test("a given address stands in for that of AWS; the spec's wins over the environment's")
    func overrides() throws {
        let environment = [
            "AWS_ENDPOINT_URL_DYNAMODB": "http://dynamodb.test:8000/", "AWS_ENDPOINT_URL_SFN": "http://states.test",
            "AWS_ENDPOINT_URL": "http://all.test/aws//", "AWS_ENDPOINT_URL_SQS": "",
        ]
        let given = [
            EndpointEntry(service: "dynamodb", url: "http://spec.test"),
            EndpointEntry(service: "runtime_sagemaker", url: "http://models.test"),
            EndpointEntry(service: "stepfunctions", url: "http://flow.test"),
        ]
        func base(_ service: String, _ entries: [EndpointEntry], _ environment: [String: String]) throws -> String {
            let arn = try #require(IntegrationARN("arn:aws:apigateway:us-east-1:\(service):path/x"))
            return try AWSEndpoint(arn, ServiceEndpoints(entries, environment: environment)).base
        }
        #expect(try base("dynamodb", [], environment) == "http://dynamodb.test:8000")
        #expect(try base("dynamodb", given, environment) == "http://spec.test")
        #expect(try base("states", [], environment) == "http://states.test")
        #expect(try base("states", given, environment) == "http://flow.test")
        #expect(try base("runtime.sagemaker", given, environment) == "http://models.test")
        #expect(try base("sqs", given, environment) == "http://all.test/aws")
        #expect(try base("photos.s3", given, environment) == "http://all.test/aws/photos")
        #expect(try base("abc.execute-api", given, environment) == "http://all.test/aws")
        let ignored = environment.merging(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "TRUE"]) { $1 }
        #expect(try base("sqs", given, ignored) == "https://sqs.us-east-1.amazonaws.com")
    }

    @Test("a name that no service has is refused unless an address is given for it")
    func unknown() throws {
        let arn = try #require(IntegrationARN("arn:aws:apigateway:us-east-1:dynamodbb:path/x"))
        #expect(throws: AWSEndpoint.Problem.unknownService("dynamodbb")) {
            try AWSEndpoint(arn, ServiceEndpoints([]))
        }
        let own = ServiceEndpoints([EndpointEntry(service: "dynamodbb", url: "http://own.test")])
        let endpoint = try AWSEndpoint(arn, own)
        #expect(endpoint.base == "http://own.test")
        #expect(endpoint.service.signingName == "dynamodbb")
    }

    @Test("what cannot be part of a host name is refused", arguments: ["us east", "a/b", "{region}"])
    func badRegion(_ region: String) throws {
        let arn = try #require(IntegrationARN("arn:aws:apigateway:\(region):sqs:path/x"))
        #expect(throws: AWSEndpoint.Problem.noRegion(region)) { try AWSEndpoint(arn, ServiceEndpoints([])) }
    }

    @Test("every row of the table reads, has a name of its own, and an address in each partition")
    func table() throws {
        let rows = AWSServiceTable.rows.split(separator: "\n")
        #expect(rows.count > 400)
        var names: Set<String> = []
        for row in rows {
            let service = try #require(AWSService(row: row), "\(row)")
            for name in service.names { #expect(names.insert(name.lowercased()).inserted, "\(name) twice") }
            #expect(!service.signingName.isEmpty)
            if case .json(let version) = service.style {
                #expect(["1.0", "1.1"].contains(version), "\(row)")
                #expect(!service.targetPrefix.isEmpty, "\(row)")
            }
            if service.style == .query { #expect(service.version.utf8.count == 10, "\(row)") }
            for (partition, domains) in AWSServiceTable.domains {
                let host = service.host(region: "xx-east-1", partition: partition)
                let isOfPartition =
                    host.name.hasSuffix("." + domains.usual) || host.name.contains(".aws")
                    || host.name.contains("amazon") || host.name.hasSuffix("." + domains.dual)
                #expect(isOfPartition, "\(service.name) in \(partition): \(host.name)")
                #expect(!host.name.contains("{") && !host.signingRegion.isEmpty)
            }
        }
    }
}

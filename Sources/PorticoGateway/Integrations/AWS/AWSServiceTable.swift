// Hot: no, read when a snapshot is compiled or put into service. Allocates: freely.
// Written by scripts/aws-services; do not edit.

/// The AWS services as the service models of botocore 1.44.5 describe them.
enum AWSServiceTable {
    /// Domains of the endpoints of each partition: the usual one, and that of newer services.
    static let domains: [String: (usual: String, dual: String)] = [
        "aws": ("amazonaws.com", "api.aws"),
        "aws-cn": ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
        "aws-eusc": ("amazonaws.eu", "api.amazonwebservices.eu"),
        "aws-iso": ("c2s.ic.gov", "api.aws.ic.gov"),
        "aws-iso-b": ("sc2s.sgov.gov", "api.aws.scloud"),
        "aws-iso-e": ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
        "aws-iso-f": ("csp.hci.ic.gov", "api.aws.hci.ic.gov"),
        "aws-us-gov": ("amazonaws.com", "api.aws"),
    ]

    /// One service a line: names in URIs, the endpoint prefix first; signing name if it is not the first name; protocol;
    /// prefix of `X-Amz-Target`; API version; name in `AWS_ENDPOINT_URL_...`; hosts that are not
    /// `NAME.{region}.{dns}`: one that begins with a partition's name is that partition's own, and what follows
    /// `@` is the region that signs.
    static let rows = """
        a2i-runtime.sagemaker,sagemaker-a2i-runtime|sagemaker|rest|||SAGEMAKER_A2I_RUNTIME|
        access-analyzer,accessanalyzer||rest|||ACCESSANALYZER|
        account-access-runtime|account-access|rest|||ACCOUNT_ACCESS_RUNTIME|account-access-runtime.{region}.{dual}
        account-access||rest|||ACCOUNT_ACCESS|account-access.{region}.{dual}
        account||rest|||ACCOUNT|account.us-east-1.{dns}@us-east-1 aws-cn=account.cn-northwest-1.{dns}@cn-northwest-1 aws-us-gov=account.{region}.{dns}
        acm-pca||json1.1|ACMPrivateCA||ACM_PCA|
        acm||json1.1|CertificateManager||ACM|
        aco-automation,compute-optimizer-automation||json1.0|ComputeOptimizerAutomationService||COMPUTE_OPTIMIZER_AUTOMATION|
        admin.wickr,wickr|wickr|rest|||WICKR|
        agent-registry-control|agent-registry|rest|||AGENT_REGISTRY_CONTROL|agent-registry-control.{region}.{dual} aws-cn=agent-registry-control.{region}.api.aws
        agent-registry||rest|||AGENT_REGISTRY|agent-registry.{region}.{dual} aws-cn=agent-registry.{region}.api.aws
        agreement-marketplace,marketplace-agreement|aws-marketplace|json1.0|AWSMPCommerceService_v20200301||MARKETPLACE_AGREEMENT|
        aidevops,devops-agent||rest|||DEVOPS_AGENT|aidevops.{region}.{dual}
        aiops||rest|||AIOPS|
        airflow,mwaa||rest|||MWAA|
        airflow-serverless,mwaa-serverless||json1.0|AmazonMWAAServerless||MWAA_SERVERLESS|airflow-serverless.{region}.{dual}
        amplifybackend||rest|||AMPLIFYBACKEND|
        amplifyuibuilder||rest|||AMPLIFYUIBUILDER|
        amplify||rest|||AMPLIFY|
        aoss,opensearchserverless||json1.0|OpenSearchServerless||OPENSEARCHSERVERLESS|
        api.detective,detective|detective|rest|||DETECTIVE|
        api.ecr,ecr|ecr|json1.1|AmazonEC2ContainerRegistry_V20150921||ECR|
        api.ecr-public,ecr-public|ecr-public|json1.1|SpencerFrontendService||ECR_PUBLIC|
        api.iotdeviceadvisor,iotdeviceadvisor|iotdeviceadvisor|rest|||IOTDEVICEADVISOR|
        api.iotmanagedintegrations,iot-managed-integrations,iotmanagedintegrations|iotmanagedintegrations|rest|||IOT_MANAGED_INTEGRATIONS|api.iotmanagedintegrations.{region}.{dual}
        api.iotwireless,iotwireless|iotwireless|rest|||IOT_WIRELESS|
        api.mediatailor,mediatailor|mediatailor|rest|||MEDIATAILOR|
        api.pricing,pricing|pricing|json1.1|AWSPriceListService||PRICING|
        api.sagemaker,sagemaker|sagemaker|json1.1|SageMaker||SAGEMAKER|
        api.tunneling.iot,iotsecuretunneling,IoTSecuredTunneling|IoTSecuredTunneling|json1.1|IoTSecuredTunneling||IOTSECURETUNNELING|
        apigatewayv2|apigateway|rest|||APIGATEWAYV2|apigateway.{region}.{dns}
        apigateway||rest|||API_GATEWAY|
        app-integrations,appintegrations||rest|||APPINTEGRATIONS|
        appconfigdata|appconfig|rest|||APPCONFIGDATA|
        appconfig||rest|||APPCONFIG|
        appfabric||rest|||APPFABRIC|
        appflow||rest|||APPFLOW|
        application-autoscaling||json1.1|AnyScaleFrontendService||APPLICATION_AUTO_SCALING|
        application-cost-profiler,applicationcostprofiler||rest|||APPLICATIONCOSTPROFILER|
        application-signals||rest|||APPLICATION_SIGNALS|application-signals.{region}.{dual}
        applicationinsights,application-insights||json1.1|EC2WindowsBarleyService||APPLICATION_INSIGHTS|
        appmesh||rest|||APP_MESH|
        apprunner||json1.0|AppRunner||APPRUNNER|
        appstream2,appstream|appstream|json1.1|PhotonAdminProxyService||APPSTREAM|
        appsync-api|appsync|rest||||
        appsync||rest|||APPSYNC|
        aps,amp||rest|||AMP|
        arc-region-switch||json1.0|ArcRegionSwitch||ARC_REGION_SWITCH|arc-region-switch.{region}.{dual}
        arc-zonal-shift||rest|||ARC_ZONAL_SHIFT|
        artifact||rest|||ARTIFACT|artifact.us-east-1.{dns}@us-east-1 aws-cn=artifact.cn-northwest-1.{dns}@cn-northwest-1 aws-us-gov=artifact.{region}.{dns}
        athena||json1.1|AmazonAthena||ATHENA|
        auditmanager||rest|||AUDITMANAGER|
        autoscaling-plans||json1.1|AnyScaleScalingPlannerFrontendService||AUTO_SCALING_PLANS|
        autoscaling||query||2011-01-01|AUTO_SCALING|
        b2bi||json1.0|B2BI||B2BI|
        backup-gateway||json1.0|BackupOnPremises_v20210101||BACKUP_GATEWAY|
        backup-search,backupsearch||rest|||BACKUPSEARCH|backup-search.{region}.{dual}
        backup||rest|||BACKUP|
        batch||rest|||BATCH|
        bcm-dashboards||json1.0|AWSBCMDashboardsService||BCM_DASHBOARDS|bcm-dashboards.us-east-1.{dual}@us-east-1 aws-cn=bcm-dashboards.cn-northwest-1.{dual}@cn-northwest-1 aws-us-gov=bcm-dashboards.{region}.{dual}
        bcm-data-exports||json1.1|AWSBillingAndCostManagementDataExports||BCM_DATA_EXPORTS|bcm-data-exports.us-east-1.{dual}@us-east-1 aws-cn=bcm-data-exports.cn-northwest-1.{dual}@cn-northwest-1 aws-us-gov=bcm-data-exports.{region}.{dual}
        bcm-pricing-calculator||json1.0|AWSBCMPricingCalculator||BCM_PRICING_CALCULATOR|bcm-pricing-calculator.us-east-1.{dual}@us-east-1 aws-cn=bcm-pricing-calculator.cn-northwest-1.{dual}@cn-northwest-1 aws-us-gov=bcm-pricing-calculator.{region}.{dual}
        bcm-recommended-actions||json1.0|AWSBillingAndCostManagementRecommendedActions||BCM_RECOMMENDED_ACTIONS|bcm-recommended-actions.us-east-1.{dual}@us-east-1 aws-cn=bcm-recommended-actions.cn-northwest-1.{dual}@cn-northwest-1 aws-us-gov=bcm-recommended-actions.{region}.{dual}
        bedrock-agent-runtime|bedrock|rest|||BEDROCK_AGENT_RUNTIME|
        bedrock-agentcore-control|bedrock-agentcore|rest|||BEDROCK_AGENTCORE_CONTROL|
        bedrock-agentcore||rest|||BEDROCK_AGENTCORE|
        bedrock-agent|bedrock|rest|||BEDROCK_AGENT|
        bedrock-data-automation-runtime|bedrock|json1.1|AmazonBedrockKeystoneRuntimeService||BEDROCK_DATA_AUTOMATION_RUNTIME|
        bedrock-data-automation|bedrock|rest|||BEDROCK_DATA_AUTOMATION|
        bedrock-runtime|bedrock|rest|||BEDROCK_RUNTIME|
        bedrock||rest|||BEDROCK|
        billingconductor||rest|||BILLINGCONDUCTOR|billingconductor.us-east-1.{dns}@us-east-1 aws-cn=billingconductor.{region}.{dns} aws-us-gov=billingconductor.{region}.{dns}
        billing||json1.0|AWSBilling||BILLING|billing.us-east-1.{dual}@us-east-1 aws-cn=billing.cn-northwest-1.{dns}@cn-northwest-1 aws-us-gov=billing.{region}.{dns}
        braket||rest|||BRAKET|
        budgets||json1.1|AWSBudgetServiceGateway||BUDGETS|budgets.{dns}@us-east-1 aws-cn=budgets.{dns}@cn-northwest-1 aws-us-gov=budgets.{dns}@us-gov-west-1
        cases,connectcases||rest|||CONNECTCASES|
        cassandra,keyspaces||json1.0|KeyspacesService||KEYSPACES|
        cassandra-streams,keyspacesstreams|cassandra|json1.0|KeyspacesStreams||KEYSPACESSTREAMS|cassandra-streams.{region}.{dual}
        catalog.marketplace,marketplace-catalog|aws-marketplace|rest|||MARKETPLACE_CATALOG|
        ce||json1.1|AWSInsightsIndexService||COST_EXPLORER|ce.us-east-1.{dns}@us-east-1 aws-cn=ce.cn-northwest-1.{dns}@cn-northwest-1 aws-us-gov=ce.{region}.{dns}
        chatbot||rest|||CHATBOT|
        chime||rest|||CHIME|chime.us-east-1.{dns}@us-east-1 aws-cn=chime.{region}.{dns} aws-us-gov=chime.{region}.{dns}
        cleanrooms-ml,cleanroomsml||rest|||CLEANROOMSML|
        cleanrooms||rest|||CLEANROOMS|
        cloud9||json1.1|AWSCloud9WorkspaceManagementService||CLOUD9|
        cloudcontrolapi,cloudcontrol||json1.0|CloudApiService||CLOUDCONTROL|
        clouddirectory||rest|||CLOUDDIRECTORY|
        cloudformation||query||2010-05-15|CLOUDFORMATION|
        cloudfront-keyvaluestore||rest|||CLOUDFRONT_KEYVALUESTORE|
        cloudfront||rest|||CLOUDFRONT|cloudfront.{dns}@us-east-1 aws-cn=cloudfront.cn-northwest-1.{dns}@cn-northwest-1 aws-us-gov=cloudfront.{dns}@us-gov-west-1
        cloudhsmv2|cloudhsm|json1.1|BaldrApiService||CLOUDHSM_V2|
        cloudhsm||json1.1|CloudHsmFrontendService||CLOUDHSM|
        cloudsearchdomain|cloudsearch|rest|||CLOUDSEARCH_DOMAIN|
        cloudsearch||query||2013-01-01|CLOUDSEARCH|
        cloudtrail-data||rest|||CLOUDTRAIL_DATA|
        cloudtrail||json1.1|com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101||CLOUDTRAIL|
        cloudwatch-omni,cloudwatchomni|cloudwatch|json1.0|CloudWatchOmniFrontend||CLOUDWATCHOMNI|cloudwatch-omni.{region}.{dual}
        codeartifact||rest|||CODEARTIFACT|
        codebuild||json1.1|CodeBuild_20161006||CODEBUILD|
        codecatalyst||rest|||CODECATALYST|codecatalyst.global.{dual}@eu-west-1 aws-cn=codecatalyst.global.{dual}@cn-north-1 aws-us-gov=codecatalyst.global.{dual}@us-gov-west-1
        codecommit||json1.1|CodeCommit_20150413||CODECOMMIT|
        codeconnections||json1.0|com.amazonaws.codeconnections.CodeConnections_20231201||CODECONNECTIONS|
        codedeploy||json1.1|CodeDeploy_20141006||CODEDEPLOY|
        codeguru-profiler,codeguruprofiler||rest|||CODEGURUPROFILER|
        codeguru-reviewer||rest|||CODEGURU_REVIEWER|
        codeguru-security||rest|||CODEGURU_SECURITY|
        codepipeline||json1.1|CodePipeline_20150709||CODEPIPELINE|
        codestar-connections||json1.0|com.amazonaws.codestar.connections.CodeStar_connections_20191201||CODESTAR_CONNECTIONS|
        codestar-notifications||rest|||CODESTAR_NOTIFICATIONS|
        cognito-identity||json1.1|AWSCognitoIdentityService||COGNITO_IDENTITY|
        cognito-idp||json1.1|AWSCognitoIdentityProviderService||COGNITO_IDENTITY_PROVIDER|
        cognito-sync||rest|||COGNITO_SYNC|
        comprehendmedical||json1.1|ComprehendMedical_20181030||COMPREHENDMEDICAL|
        comprehend||json1.1|Comprehend_20171127||COMPREHEND|
        compute-optimizer||json1.0|ComputeOptimizerService||COMPUTE_OPTIMIZER|
        config||json1.1|StarlingDoveService||CONFIG_SERVICE|
        connect-campaigns,connectcampaigns||rest|||CONNECTCAMPAIGNS|
        connectcampaignsv2|connect-campaigns|rest|||CONNECTCAMPAIGNSV2|connect-campaigns.{region}.{dns}
        connectscheduling|connect|rest|||CONNECTSCHEDULING|connect.{region}.{dns}
        connect||rest|||CONNECT|
        contact-lens,connect-contact-lens|connect|rest|||CONNECT_CONTACT_LENS|
        continuum||rest|||CONTINUUM|continuum.{region}.{dual}
        controlcatalog||rest|||CONTROLCATALOG|
        controlplane.payment-cryptography,payment-cryptography|payment-cryptography|json1.0|PaymentCryptographyControlPlane||PAYMENT_CRYPTOGRAPHY|
        controltower||rest|||CONTROLTOWER|
        cost-optimization-hub||json1.0|CostOptimizationHubService||COST_OPTIMIZATION_HUB|
        cur||json1.1|AWSOrigamiServiceGatewayService||COST_AND_USAGE_REPORT_SERVICE|
        data-ats.iot,iot-data,data.iot|iotdata|rest|||IOT_DATA_PLANE|aws-cn=data.ats.iot.{region}.{dns}
        data-signer,signer-data|signer|rest|||SIGNER_DATA|
        data.jobs.iot,iot-jobs-data|iot-jobs-data|rest|||IOT_JOBS_DATA_PLANE|
        data.mediastore,mediastore-data|mediastore|rest|||MEDIASTORE_DATA|
        data.qapps,qapps|qapps|rest|||QAPPS|
        databrew||rest|||DATABREW|
        dataexchange||rest|||DATAEXCHANGE|
        datapipeline||json1.1|DataPipeline||DATA_PIPELINE|
        dataplane.payment-cryptography,payment-cryptography-data|payment-cryptography|rest|||PAYMENT_CRYPTOGRAPHY_DATA|
        datasync||json1.1|FmrsService||DATASYNC|
        datazone||rest|||DATAZONE|datazone.{region}.{dual}
        dax||json1.1|AmazonDAXV3||DAX|
        deadline||rest|||DEADLINE|
        deployment-marketplace,marketplace-deployment|aws-marketplace|rest|||MARKETPLACE_DEPLOYMENT|
        devicefarm||json1.1|DeviceFarm_20150623||DEVICE_FARM|
        devops-guru||rest|||DEVOPS_GURU|
        directconnect||json1.1|OvertureService||DIRECT_CONNECT|
        discovery-marketplace,marketplace-discovery|aws-marketplace|rest|||MARKETPLACE_DISCOVERY|discovery-marketplace.{region}.{dual}
        discovery||json1.1|AWSPoseidonService_V2015_11_01||APPLICATION_DISCOVERY_SERVICE|
        dlm||rest|||DLM|
        dms||json1.1|AmazonDMSv20160101||DATABASE_MIGRATION_SERVICE|
        docdb-elastic||rest|||DOCDB_ELASTIC|
        docdb|rds|query||2014-10-31|DOCDB|rds.{region}.{dns}
        drs||rest|||DRS|
        ds-data||rest|||DIRECTORY_SERVICE_DATA|
        dsql||rest|||DSQL|dsql.{region}.{dual}
        ds||json1.1|DirectoryService_20150416||DIRECTORY_SERVICE|
        dynamodb||json1.0|DynamoDB_20120810||DYNAMODB|
        ebs||rest|||EBS|
        ec2-instance-connect||json1.1|AWSEC2InstanceConnectService||EC2_INSTANCE_CONNECT|
        ec2||query||2016-11-15|EC2|
        ecs||json1.1|AmazonEC2ContainerServiceV20141113||ECS|
        edge.sagemaker,sagemaker-edge|sagemaker|rest|||SAGEMAKER_EDGE|
        eks-auth||rest|||EKS_AUTH|eks-auth.{region}.{dual}
        eks||rest|||EKS|
        elasticache||query||2015-02-02|ELASTICACHE|
        elasticbeanstalk||query||2010-12-01|ELASTIC_BEANSTALK|
        elasticfilesystem,efs||rest|||EFS|
        elasticloadbalancing,elbv2||query||2015-12-01|ELASTIC_LOAD_BALANCING_V2|
        elasticmapreduce,emr||json1.1|ElasticMapReduce||EMR|
        elb|elasticloadbalancing|query||2012-06-01|ELASTIC_LOAD_BALANCING|elasticloadbalancing.{region}.{dns}
        elemental-inference,elementalinference||rest|||ELEMENTALINFERENCE|
        email,ses|ses|query||2010-12-01|SES|
        emr-containers||rest|||EMR_CONTAINERS|
        emr-serverless||rest|||EMR_SERVERLESS|
        end-user-messaging,endusermessaging||rest|||ENDUSERMESSAGING|
        entitlement.marketplace,marketplace-entitlement|aws-marketplace|json1.1|AWSMPEntitlementService||MARKETPLACE_ENTITLEMENT_SERVICE|aws-cn=entitlement-marketplace.{region}.{dns}
        entityresolution||rest|||ENTITYRESOLUTION|
        es||rest|||ELASTICSEARCH_SERVICE|
        eventsv2,eventbridgev2|events|json1.0|AWSEventsV2||EVENTBRIDGEV2|
        events||json1.1|AWSEvents||EVENTBRIDGE|
        evs||json1.0|AmazonElasticVMwareService||EVS|
        execute-api,apigatewaymanagementapi||rest|||APIGATEWAYMANAGEMENTAPI|
        featurestore-runtime.sagemaker,sagemaker-featurestore-runtime|sagemaker|rest|||SAGEMAKER_FEATURESTORE_RUNTIME|
        firehose||json1.1|Firehose_20150804||FIREHOSE|
        fis||rest|||FIS|
        fms||json1.1|AWSFMS_20180101||FMS|
        forecastquery|forecast|json1.1|AmazonForecastRuntime||FORECASTQUERY|
        forecast||json1.1|AmazonForecast||FORECAST|
        frauddetector||json1.1|AWSHawksNestServiceFacade||FRAUDDETECTOR|
        freetier||json1.0|AWSFreeTierService||FREETIER|freetier.us-east-1.{dual}@us-east-1 aws-cn=freetier.{region}.{dual} aws-us-gov=freetier.{region}.{dual}
        fsx||json1.1|AWSSimbaAPIService_v20180301||FSX|
        gameliftstreams||rest|||GAMELIFTSTREAMS|gameliftstreams.{region}.{dual}
        gamelift||json1.1|GameLift||GAMELIFT|
        geo,location||rest|||LOCATION|
        geo-maps||rest|||GEO_MAPS|maps.geo.{region}.{dns} aws-cn=geo-maps.{region}.{dns}
        geo-places||rest|||GEO_PLACES|places.geo.{region}.{dns} aws-cn=geo-places.{region}.{dns}
        geo-routes||rest|||GEO_ROUTES|routes.geo.{region}.{dns} aws-cn=geo-routes.{region}.{dns} aws-us-gov=routes.geo.{region}.us-gov.{dns}
        glacier||rest|||GLACIER|
        globalaccelerator||json1.1|GlobalAccelerator_V20180706||GLOBAL_ACCELERATOR|
        glue||json1.1|AWSGlue||GLUE|
        grafana||rest|||GRAFANA|
        greengrassv2|greengrass|rest|||GREENGRASSV2|greengrass.{region}.{dns}
        greengrass||rest|||GREENGRASS|
        groundstation||rest|||GROUNDSTATION|
        guardduty||rest|||GUARDDUTY|
        health-agent,connecthealth||rest|||CONNECTHEALTH|health-agent.{region}.{dual}
        healthlake||json1.0|HealthLake||HEALTHLAKE|
        health||json1.1|AWSHealth_20160804||HEALTH|
        iam-toolbox|iam|rest|||IAM_TOOLBOX|
        iam||query||2010-05-08|IAM|iam.{dns}@us-east-1 aws-cn=iam.{region}.{dns} aws-us-gov=iam.us-gov.{dns}@us-gov-west-1
        identity-chime,chime-sdk-identity|chime|rest|||CHIME_SDK_IDENTITY|
        identitystore||json1.1|AWSIdentityStore||IDENTITYSTORE|
        imagebuilder||rest|||IMAGEBUILDER|
        importexport||query||2010-06-01|IMPORTEXPORT|importexport.{dns}@us-east-1 aws-cn=importexport.{region}.{dns} aws-us-gov=importexport.{region}.{dns}
        inferencerouter-runtime.sagemaker,sagemaker-inference-router-runtime|sagemaker|rest|||SAGEMAKER_INFERENCE_ROUTER_RUNTIME|
        ingest.timestream,timestream-write|timestream|json1.0|Timestream_20181101||TIMESTREAM_WRITE|
        inspector-scan||rest|||INSPECTOR_SCAN|
        inspector2||rest|||INSPECTOR2|
        inspector||json1.1|InspectorService||INSPECTOR|
        interconnect||json1.0|Interconnect||INTERCONNECT|interconnect.{region}.{dual}
        internetmonitor||rest|||INTERNETMONITOR|
        invoicing||json1.0|Invoicing||INVOICING|invoicing.us-east-1.{dual}@us-east-1 aws-cn=invoicing.cn-northwest-1.{dual}@cn-northwest-1 aws-us-gov=invoicing.{region}.{dual}
        iotdata|iotdata|rest|||IOT_DATA_PLANE|iot.{region}.{dns}
        iotfleetwise||json1.0|IoTAutobahnControlPlane||IOTFLEETWISE|
        iotsitewise||rest|||IOTSITEWISE|
        iotthingsgraph||json1.1|IotThingsGraphFrontEndService||IOTTHINGSGRAPH|
        iottwinmaker||rest|||IOTTWINMAKER|
        iot||rest|||IOT|
        ivschat||rest|||IVSCHAT|
        ivsrealtime,ivs-realtime|ivs|rest|||IVS_REALTIME|
        ivs||rest|||IVS|
        job-runtime.sagemaker,sagemakerjobruntime|sagemaker|rest|||SAGEMAKERJOBRUNTIME|job-runtime.sagemaker.{region}.{dual}
        kafkaconnect||rest|||KAFKACONNECT|
        kafka||rest|||KAFKA|
        kendra-ranking||json1.0|AWSKendraRerankingFrontendService||KENDRA_RANKING|kendra-ranking.{region}.{dual}
        kendra||json1.1|AWSKendraFrontendService||KENDRA|
        kinesis-video-archived-media|kinesisvideo|rest|||KINESIS_VIDEO_ARCHIVED_MEDIA|kinesisvideo.{region}.{dns}
        kinesis-video-media|kinesisvideo|rest|||KINESIS_VIDEO_MEDIA|kinesisvideo.{region}.{dns}
        kinesis-video-signaling|kinesisvideo|rest|||KINESIS_VIDEO_SIGNALING|kinesisvideo.{region}.{dns}
        kinesis-video-webrtc-storage|kinesisvideo|rest|||KINESIS_VIDEO_WEBRTC_STORAGE|kinesisvideo.{region}.{dns}
        kinesisanalytics,kinesisanalyticsv2||json1.1|KinesisAnalytics_20180523||KINESIS_ANALYTICS_V2|
        kinesisvideo||rest|||KINESIS_VIDEO|
        kinesis||json1.1|Kinesis_20131202||KINESIS|
        kms||json1.1|TrentService||KMS|
        lakeformation||rest|||LAKEFORMATION|
        lambda-core|lambda|rest|||LAMBDA_CORE|lambda.{region}.{dns}
        lambda-microvms|lambda|rest|||LAMBDA_MICROVMS|lambda.{region}.{dns}
        lambda-web|lambda|rest|||LAMBDA_WEB|lambda.{region}.{dns}
        lambda||rest|||LAMBDA|
        launchwizard,launch-wizard||rest|||LAUNCH_WIZARD|
        license-manager-linux-subscriptions||rest|||LICENSE_MANAGER_LINUX_SUBSCRIPTIONS|
        license-manager-user-subscriptions||rest|||LICENSE_MANAGER_USER_SUBSCRIPTIONS|
        license-manager||json1.1|AWSLicenseManager||LICENSE_MANAGER|
        lightsail||json1.1|Lightsail_20161128||LIGHTSAIL|
        logs||json1.1|Logs_20140328||CLOUDWATCH_LOGS|
        lookoutequipment||json1.0|AWSLookoutEquipmentFrontendService||LOOKOUTEQUIPMENT|
        m2||rest|||M2|
        machinelearning||json1.1|AmazonML_20141212||MACHINE_LEARNING|
        macie2||rest|||MACIE2|
        mail-manager,mailmanager|ses|json1.0|MailManagerSvc||MAILMANAGER|
        managedblockchain-query||rest|||MANAGEDBLOCKCHAIN_QUERY|
        managedblockchain||rest|||MANAGEDBLOCKCHAIN|
        marketplacecommerceanalytics||json1.1|MarketplaceCommerceAnalytics20150701||MARKETPLACE_COMMERCE_ANALYTICS|
        media-pipelines-chime,chime-sdk-media-pipelines|chime|rest|||CHIME_SDK_MEDIA_PIPELINES|
        mediaconnect||rest|||MEDIACONNECT|
        mediaconvert||rest|||MEDIACONVERT|
        medialive||rest|||MEDIALIVE|
        mediapackage-vod||rest|||MEDIAPACKAGE_VOD|
        mediapackagev2||rest|||MEDIAPACKAGEV2|
        mediapackage||rest|||MEDIAPACKAGE|
        mediastore||json1.1|MediaStore_20170901||MEDIASTORE|
        medical-imaging||rest|||MEDICAL_IMAGING|
        meetings-chime,chime-sdk-meetings|chime|rest|||CHIME_SDK_MEETINGS|
        memory-db,memorydb|memorydb|json1.1|AmazonMemoryDB||MEMORYDB|
        messaging-chime,chime-sdk-messaging|chime|rest|||CHIME_SDK_MESSAGING|
        metering.marketplace,meteringmarketplace|aws-marketplace|json1.1|AWSMPMeteringService||MARKETPLACE_METERING|
        metrics.sagemaker,sagemaker-metrics|sagemaker|rest|||SAGEMAKER_METRICS|
        mgh||json1.1|AWSMigrationHub||MIGRATION_HUB|
        mgn||rest|||MGN|
        migrationhub-config|mgh|json1.1|AWSMigrationHubMultiAccountService||MIGRATIONHUB_CONFIG|
        migrationhub-orchestrator,migrationhuborchestrator||rest|||MIGRATIONHUBORCHESTRATOR|
        migrationhub-strategy,migrationhubstrategy||rest|||MIGRATIONHUBSTRATEGY|
        models-v2-lex,lexv2-models|lex|rest|||LEX_MODELS_V2|
        models.lex,lex-models|lex|rest|||LEX_MODEL_BUILDING_SERVICE|
        monitoring,cloudwatch||query||2010-08-01|CLOUDWATCH|
        mpa||rest|||MPA|mpa.{region}.{dual}
        mq||rest|||MQ|
        mturk-requester,mturk||json1.1|MTurkRequesterServiceV20170117||MTURK|
        neptune-db,neptunedata||rest|||NEPTUNEDATA|
        neptune-graph||rest|||NEPTUNE_GRAPH|
        neptune|rds|query||2014-10-31|NEPTUNE|rds.{region}.{dns}
        network-firewall||json1.0|NetworkFirewall_20201112||NETWORK_FIREWALL|
        network-security-manager||rest|||NETWORK_SECURITY_MANAGER|network-security-manager.{region}.{dual}
        networkflowmonitor||rest|||NETWORKFLOWMONITOR|networkflowmonitor.{region}.{dual}
        networkmanager||rest|||NETWORKMANAGER|networkmanager.us-west-2.{dns}@us-west-2 aws-cn=networkmanager.cn-northwest-1.{dns}@cn-northwest-1 aws-us-gov=networkmanager.{region}.{dns}
        networkmonitor||rest|||NETWORKMONITOR|
        notifications-contacts,notificationscontacts||rest|||NOTIFICATIONSCONTACTS|notifications-contacts.us-east-1.{dual}@us-east-1 aws-cn=notifications-contacts.cn-northwest-1.{dual}@cn-northwest-1 aws-us-gov=notifications-contacts.{region}.{dual}
        notifications||rest|||NOTIFICATIONS|notifications.{region}.{dual}
        nova-act||rest|||NOVA_ACT|
        oam||rest|||OAM|
        observabilityadmin||rest|||OBSERVABILITYADMIN|
        odb||json1.0|Odb||ODB|
        oidc,sso-oidc,sso-oauth|sso-oauth|rest|||SSO_OIDC|
        omics||rest|||OMICS|
        opensearch|es|rest|||OPENSEARCH|es.{region}.{dns}
        organizations||json1.1|AWSOrganizationsV20161128||ORGANIZATIONS|organizations.us-east-1.{dns}@us-east-1 aws-cn=organizations.cn-northwest-1.{dns}@cn-northwest-1 aws-us-gov=organizations.{region}.{dns}
        osis||rest|||OSIS|
        osm,opensearchmemory||json1.0|OpenSearchMemory||OPENSEARCHMEMORY|osm.{region}.{dual} aws-cn=osm.{region}.api.aws
        outposts||rest|||OUTPOSTS|
        participant.connect,connectparticipant|execute-api|rest|||CONNECTPARTICIPANT|
        partnercentral-account||json1.0|PartnerCentralAccount||PARTNERCENTRAL_ACCOUNT|partnercentral-account.{region}.{dual}
        partnercentral-benefits||json1.0|PartnerCentralBenefitsService||PARTNERCENTRAL_BENEFITS|partnercentral-benefits.{region}.{dual}
        partnercentral-channel||json1.0|PartnerCentralChannel||PARTNERCENTRAL_CHANNEL|partnercentral-channel.global.{dual}@us-east-1 aws-cn=partnercentral-channel.global.{dual}@cn-northwest-1 aws-us-gov=partnercentral-channel.us-gov.{dual}@us-gov-west-1
        partnercentral-prm,partnercentral-revenue-measurement,partnercentral|partnercentral|json1.0|PartnerCentralRevenueMeasurement||PARTNERCENTRAL_REVENUE_MEASUREMENT|partnercentral-prm.global.{dual}@us-east-1 aws-cn=partnercentral-prm.global.{dual}@cn-northwest-1 aws-us-gov=partnercentral-prm.us-gov.{dual}@us-gov-west-1
        partnercentral-selling||json1.0|AWSPartnerCentralSelling||PARTNERCENTRAL_SELLING|partnercentral-selling.{region}.{dual}
        pca-connector-ad||rest|||PCA_CONNECTOR_AD|
        pca-connector-scep||rest|||PCA_CONNECTOR_SCEP|
        pcs||json1.0|AWSParallelComputingService||PCS|
        personalize-events|personalize|rest|||PERSONALIZE_EVENTS|
        personalize-runtime|personalize|rest|||PERSONALIZE_RUNTIME|
        personalize||json1.1|AmazonPersonalize||PERSONALIZE|
        pinpoint,mobiletargeting|mobiletargeting|rest|||PINPOINT|
        pinpoint-email|ses|rest|||PINPOINT_EMAIL|email.{region}.{dns}
        pipes||rest|||PIPES|
        pi||json1.1|PerformanceInsightsv20180227||PI|
        polly||rest|||POLLY|
        portal.sso,awsssoportal|awsssoportal|rest|||SSO|
        pricingplanmanager,pricing-plan-manager||rest|||PRICING_PLAN_MANAGER|pricingplanmanager.us-east-1.{dual}@us-east-1 aws-cn=pricingplanmanager.us-east-1.api.aws@us-east-1
        profile,customer-profiles||rest|||CUSTOMER_PROFILES|
        proton||json1.0|AwsProton20200720||PROTON|
        qbusiness||rest|||QBUSINESS|qbusiness.{region}.{dual}
        qconnect|wisdom|rest|||QCONNECT|wisdom.{region}.{dns}
        query.timestream,timestream-query|timestream|json1.0|Timestream_20181101||TIMESTREAM_QUERY|
        quicksight||rest|||QUICKSIGHT|
        ram||rest|||RAM|
        rbin||rest|||RBIN|
        rds-data||rest|||RDS_DATA|
        rds||query||2014-10-31|RDS|
        redshift-data||json1.1|RedshiftData||REDSHIFT_DATA|
        redshift-serverless||json1.1|RedshiftServerless||REDSHIFT_SERVERLESS|
        redshift||query||2012-12-01|REDSHIFT|
        refactor-spaces,migration-hub-refactor-spaces||rest|||MIGRATION_HUB_REFACTOR_SPACES|
        rekognition||json1.1|RekognitionService||REKOGNITION|
        reporting-marketplace,marketplace-reporting|aws-marketplace|rest|||MARKETPLACE_REPORTING|
        repostspace||rest|||REPOSTSPACE|
        resiliencehubv2|resiliencehub|rest|||RESILIENCEHUBV2|resiliencehub.{region}.{dns}
        resiliencehub||rest|||RESILIENCEHUB|
        resource-explorer-2||rest|||RESOURCE_EXPLORER_2|
        resource-groups||rest|||RESOURCE_GROUPS|
        rolesanywhere||rest|||ROLESANYWHERE|
        route53-recovery-cluster||json1.0|ToggleCustomerAPI||ROUTE53_RECOVERY_CLUSTER|
        route53-recovery-control-config||rest|||ROUTE53_RECOVERY_CONTROL_CONFIG|route53-recovery-control-config.us-west-2.{dns}@us-west-2 aws-cn=route53-recovery-control-config.cn-northwest-1.{dns}@cn-northwest-1 aws-us-gov=route53-recovery-control-config.{region}.{dns}
        route53-recovery-readiness||rest|||ROUTE53_RECOVERY_READINESS|
        route53domains||json1.1|Route53Domains_v20140515||ROUTE_53_DOMAINS|
        route53globalresolver||rest|||ROUTE53GLOBALRESOLVER|route53globalresolver.{region}.{dual}
        route53profiles||rest|||ROUTE53PROFILES|
        route53resolver||json1.1|Route53Resolver||ROUTE53RESOLVER|
        route53||rest|||ROUTE_53|route53.{dns}@us-east-1 aws-cn=route53.{dns}@cn-northwest-1 aws-us-gov=route53.us-gov.{dns}@us-gov-west-1
        rtbfabric||rest|||RTBFABRIC|
        rum||rest|||RUM|
        runtime-v2-lex,lexv2-runtime|lex|rest|||LEX_RUNTIME_V2|
        runtime.lex,lex-runtime|lex|rest|||LEX_RUNTIME_SERVICE|
        runtime.sagemaker,sagemaker-runtime|sagemaker|rest|||SAGEMAKER_RUNTIME|
        s3-control,s3control|s3|rest|||S3_CONTROL|
        s3-outposts,s3outposts||rest|||S3OUTPOSTS|
        s3files||rest|||S3FILES|s3files.{region}.{dual}
        s3tables||rest|||S3TABLES|
        s3vectors||rest|||S3VECTORS|s3vectors.{region}.{dual}
        s3||rest|||S3|
        sagemaker-geospatial||rest|||SAGEMAKER_GEOSPATIAL|
        savingsplans||rest|||SAVINGSPLANS|savingsplans.{dns}@us-east-1 aws-cn=savingsplans.{region}.{dns} aws-us-gov=savingsplans.{region}.{dns}
        scheduler||rest|||SCHEDULER|
        schemas||rest|||SCHEMAS|
        scn,supplychain||rest|||SUPPLYCHAIN|
        sdb||query||2009-04-15|SIMPLEDB|
        secretsmanager||json1.1|secretsmanager||SECRETS_MANAGER|
        security-ir||rest|||SECURITY_IR|security-ir.{region}.{dual}
        securityagent||rest|||SECURITYAGENT|securityagent.{region}.{dual}
        securityhub||rest|||SECURITYHUB|
        securitylake||rest|||SECURITYLAKE|
        serverlessrepo||rest|||SERVERLESSAPPLICATIONREPOSITORY|
        servicecatalog-appregistry|servicecatalog|rest|||SERVICE_CATALOG_APPREGISTRY|
        servicecatalog||json1.1|AWS242ServiceCatalogService||SERVICE_CATALOG|
        servicediscovery||json1.1|Route53AutoNaming_v20170314||SERVICEDISCOVERY|
        servicequotas,service-quotas||json1.1|ServiceQuotasV20190624||SERVICE_QUOTAS|
        sesv2|ses|rest|||SESV2|email.{region}.{dns}
        shield||json1.1|AWSShield_20160616||SHIELD|shield.us-east-1.{dns}@us-east-1 aws-cn=shield.{region}.{dns} aws-us-gov=shield.{region}.{dns}
        signer||rest|||SIGNER|
        signin||rest|||SIGNIN|{region}.signin.aws.amazon.com aws-cn={region}.signin.amazonaws.cn aws-us-gov={region}.signin.amazonaws-us-gov.com
        simpledbv2|sdb|rest|||SIMPLEDBV2|sdb.{region}.{dns}
        sms-voice,pinpoint-sms-voice-v2||json1.0|PinpointSMSVoiceV2||PINPOINT_SMS_VOICE_V2|
        sms-voice.pinpoint,pinpoint-sms-voice|sms-voice|rest|||PINPOINT_SMS_VOICE|
        snow-device-management||rest|||SNOW_DEVICE_MANAGEMENT|
        snowball||json1.1|AWSIESnowballJobManagementService||SNOWBALL|
        sns||query||2010-03-31|SNS|
        social-messaging,socialmessaging||rest|||SOCIALMESSAGING|
        sqs||query||2012-11-05|SQS|
        ssm-contacts||json1.1|SSMContacts||SSM_CONTACTS|
        ssm-guiconnect||rest|||SSM_GUICONNECT|
        ssm-incidents||rest|||SSM_INCIDENTS|
        ssm-quicksetup||rest|||SSM_QUICKSETUP|
        ssm-sap||rest|||SSM_SAP|
        ssm||query||2014-11-06|SSM|
        sso,sso-admin||json1.1|SWBExternalService||SSO_ADMIN|
        states,stepfunctions||json1.0|AWSStepFunctions||SFN|
        storagegateway||json1.1|StorageGateway_20130630||STORAGE_GATEWAY|
        streams.dynamodb,dynamodbstreams|dynamodb|json1.0|DynamoDBStreams_20120810||DYNAMODB_STREAMS|
        sts||query||2011-06-15|STS|
        supportapp,support-app||rest|||SUPPORT_APP|
        supportauthz||rest|||SUPPORTAUTHZ|supportauthz.{region}.{dual}
        support||json1.1|AWSSupport_20130415||SUPPORT|support.us-east-1.{dns}@us-east-1 aws-cn=support.{region}.{dns} aws-us-gov=support.{region}.{dns}
        sustainability||rest|||SUSTAINABILITY|api.sustainability.{region}.{dual} aws-cn=sustainability.global.{dual}@cn-northwest-1 aws-us-gov=sustainability.us-gov.{dual}@us-gov-west-1
        swf||json1.0|SimpleWorkflowService||SWF|
        synthetics||rest|||SYNTHETICS|
        tagging,resourcegroupstaggingapi||json1.1|ResourceGroupsTaggingAPI_20170126||RESOURCE_GROUPS_TAGGING_API|
        tax,taxsettings||rest|||TAXSETTINGS|tax.us-east-1.{dns}@us-east-1 aws-cn=tax.cn-northwest-1.{dns}@cn-northwest-1 aws-us-gov=tax.{region}.{dns}
        textract||json1.1|Textract||TEXTRACT|
        thinclient,workspaces-thin-client||rest|||WORKSPACES_THIN_CLIENT|
        timestream-influxdb||json1.0|AmazonTimestreamInfluxDB||TIMESTREAM_INFLUXDB|
        training-session-runtime.sagemaker,sagemakertrainingsessionruntime|sagemaker|rest|||SAGEMAKERTRAININGSESSIONRUNTIME|training-session-runtime.sagemaker.{region}.{dual}
        transcribe||json1.1|Transcribe||TRANSCRIBE|aws-cn=cn.transcribe.{region}.{dns}
        transfer||json1.1|TransferService||TRANSFER|
        translate||json1.1|AWSShineFrontendService_20170701||TRANSLATE|
        trustedadvisor||rest|||TRUSTEDADVISOR|
        uxc||rest|||UXC|uxc.{region}.{dual}
        verifiedpermissions||json1.0|VerifiedPermissions||VERIFIEDPERMISSIONS|
        voice-chime,chime-sdk-voice|chime|rest|||CHIME_SDK_VOICE|
        voiceid,voice-id||json1.0|VoiceID||VOICE_ID|
        vpc-lattice||rest|||VPC_LATTICE|
        waf-regional||json1.1|AWSWAF_Regional_20161128||WAF_REGIONAL|
        wafv2||json1.1|AWSWAF_20190729||WAFV2|
        waf||json1.1|AWSWAF_20150824||WAF|waf.{dns}@us-east-1 aws-cn=waf.{region}.{dns} aws-us-gov=waf.{region}.{dns}
        wellarchitected||rest|||WELLARCHITECTED|
        wisdom||rest|||WISDOM|
        workdocs||rest|||WORKDOCS|
        workmailmessageflow||rest|||WORKMAILMESSAGEFLOW|
        workmail||json1.1|WorkMailService||WORKMAIL|
        workspaces-instances||json1.0|EUCMIFrontendAPIService||WORKSPACES_INSTANCES|workspaces-instances.{region}.{dual}
        workspaces-web||rest|||WORKSPACES_WEB|
        workspaces||json1.1|WorkspacesService||WORKSPACES|
        xray||rest|||XRAY|
        """
}

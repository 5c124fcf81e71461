/**
 * Technologies and technical practices, and the ways they are written. General knowledge of the
 * field, not of any one document. `aliases` are phrases of phrases.ts, lower-case, `.` and `-` as
 * spaces (`node js`).
 */
export type SkillCategory =
  | 'language'
  | 'backend'
  | 'database'
  | 'api'
  | 'cloud'
  | 'ai'
  | 'messaging'
  | 'devops'
  | 'testing'
  | 'architecture'
  | 'security'
  | 'data'
  | 'frontend'
  | 'mobile';

export type Skill = {
  readonly name: string;
  readonly category: SkillCategory;
  readonly aliases: string;
  /** Names the category rather than a technology: "databases", "cloud". */
  readonly generic?: true;
};

const skill =
  (category: SkillCategory) =>
  (name: string, aliases: string): Skill => ({
    name,
    category,
    aliases,
  });
const generic = (category: SkillCategory, name: string, aliases: string): Skill => ({
  name,
  category,
  aliases,
  generic: true,
});

const language = skill('language');
const backend = skill('backend');
const database = skill('database');
const api = skill('api');
const cloud = skill('cloud');
const ai = skill('ai');
const messaging = skill('messaging');
const devops = skill('devops');
const testing = skill('testing');
const architecture = skill('architecture');
const security = skill('security');
const data = skill('data');
const frontend = skill('frontend');
const mobile = skill('mobile');

export const SKILLS: readonly Skill[] = [
  language('JavaScript', 'javascript, java script, ecmascript, es6'),
  language('TypeScript', 'typescript, type script'),
  language('Python', 'python, python3, python 3'),
  language('Java', 'java'),
  language('Kotlin', 'kotlin'),
  language('Ruby', 'ruby'),
  language('Go', 'go, golang, go lang'),
  language('Rust', 'rust, rust lang, rustlang'),
  language('PHP', 'php, php7, php8'),
  language('C#', 'c#, c sharp, csharp'),
  language('C++', 'c++, cpp'),
  language('C', 'c'),
  language('R', 'r'),
  language('Scala', 'scala'),
  language('Elixir', 'elixir'),
  language('Erlang', 'erlang'),
  language('Clojure', 'clojure'),
  language('Haskell', 'haskell'),
  language('Perl', 'perl'),
  language('Swift', 'swift'),
  language('Dart', 'dart'),
  language('Shell', 'bash, shell scripting, shell script, shell scripts, powershell'),
  generic(
    'language',
    'programming',
    'programming language, programming languages, bahasa pemrograman, backend languages, backend language',
  ),

  backend('Node.js', 'node js, nodejs, node'),
  backend('Express', 'express js, expressjs, express'),
  backend('NestJS', 'nest js, nestjs'),
  backend('Fastify', 'fastify'),
  backend('Koa', 'koa, koa js, koajs'),
  backend('Hapi', 'hapi js, hapijs'),
  backend('AdonisJS', 'adonis js, adonisjs, adonis'),
  backend('Django', 'django, django rest framework, drf'),
  backend('Flask', 'flask'),
  backend('FastAPI', 'fastapi, fast api'),
  backend('Ruby on Rails', 'ruby on rails, rails, ror, rubyonrails'),
  backend('Sinatra', 'sinatra rb'),
  backend('Spring', 'spring, spring boot, springboot, spring framework, spring mvc, spring cloud'),
  backend('Quarkus', 'quarkus'),
  backend('Micronaut', 'micronaut'),
  backend('Laravel', 'laravel, lumen framework'),
  backend('Symfony', 'symfony'),
  backend('CodeIgniter', 'codeigniter, code igniter'),
  backend('.NET', 'asp net, asp net core, dotnet, net core, net framework, dot net'),
  backend('Gin', 'gin gonic, gin, echo, fiber, gorm'),
  backend('Phoenix', 'phoenix'),
  backend('Ktor', 'ktor'),
  generic(
    'backend',
    'backend',
    'backend, back end, server side, sisi server, web framework, web frameworks',
  ),

  database('PostgreSQL', 'postgresql, postgres, postgre, postgre sql, pgsql, postgis'),
  database('MySQL', 'mysql, my sql, mariadb'),
  database('MongoDB', 'mongodb, mongo db, mongo, mongoose'),
  database('SQLite', 'sqlite, libsql'),
  database(
    'Oracle Database',
    'oracle database, oracle db, oracle 11g, oracle 12c, pl sql, plsql, oracle',
  ),
  database('SQL Server', 'sql server, mssql, ms sql, t sql'),
  database('Redis', 'redis, memcached, valkey'),
  database('Cassandra', 'cassandra, scylladb'),
  database('DynamoDB', 'dynamodb, dynamo db'),
  database('Firestore', 'firestore, firebase'),
  database('Elasticsearch', 'elasticsearch, elastic search, opensearch, solr'),
  database('CockroachDB', 'cockroachdb, cockroach db, tidb, yugabytedb'),
  database('Neo4j', 'neo4j'),
  database('ClickHouse', 'clickhouse, timescaledb, influxdb'),
  database('Supabase', 'supabase'),
  database('SQL', 'sql, nosql, no sql'),
  generic(
    'database',
    'databases',
    'database, databases, basis data, db, rdbms, relational database*, database design, skema basis data, indexing',
  ),

  api(
    'REST',
    'rest api, rest apis, restful, restful api, restful apis, rest endpoints, rest services, rest, rest service',
  ),
  api('GraphQL', 'graphql, graph ql, apollo server'),
  api('gRPC', 'grpc, g rpc, protobuf, protocol buffers'),
  api('WebSocket', 'websocket, websockets, web socket, web sockets, socket io'),
  api('OpenAPI', 'openapi, open api, swagger'),
  api('Webhooks', 'webhook, webhooks'),
  api('SOAP', 'soap api, soap services, soap web service*'),
  generic('api', 'APIs', 'api, apis, api design, endpoint, endpoints'),

  cloud(
    'AWS',
    'aws, amazon web services, ec2, s3, aws lambda, rds, sqs, sns, ecs, eks, cloudfront, cloudwatch, fargate, aws s3, aws ec2',
  ),
  cloud(
    'Google Cloud',
    'gcp, google cloud, google cloud platform, cloud run, bigquery, gke, pubsub, pub sub, app engine, vertex ai, google cloud storage',
  ),
  cloud('Azure', 'azure, microsoft azure, azure devops, aks'),
  cloud('Alibaba Cloud', 'alibaba cloud, aliyun'),
  cloud('DigitalOcean', 'digitalocean, digital ocean, linode, hetzner'),
  cloud('Heroku', 'heroku, vercel, netlify, fly io, railway app'),
  cloud('Cloudflare', 'cloudflare, cloudflare workers'),
  generic(
    'cloud',
    'cloud',
    'cloud, cloud computing, cloud platform*, cloud services, cloud provider*, komputasi awan, serverless, public cloud',
  ),

  ai(
    'LLM APIs',
    'llm, llms, large language model*, model bahasa besar, openai, open ai, openai api, gpt 3, gpt 4, gpt 4o, gpt, gpt4, chatgpt api, anthropic, claude api, claude, gemini api, gemini, mistral, llama, llama 2, llama 3, ollama, groq, openrouter, generative ai, genai, gen ai, bedrock',
  ),
  ai(
    'Prompt design',
    'prompt engineering, prompt design, prompt, prompts, prompting, few shot, rekayasa prompt, desain prompt, perancangan prompt',
  ),
  ai(
    'LLM chaining',
    'langchain, lang chain, langgraph, llamaindex, llama index, llm chain*, prompt chaining, haystack, semantic kernel, ai agents, ai agent, agentic, function calling, tool calling, dspy',
  ),
  ai('RAG', 'rag, retrieval augmented generation, retrieval augmented'),
  ai(
    'Embeddings',
    'embedding, embeddings, sentence transformers, semantic search, pencarian semantik, similarity search, vector search, pencarian vektor',
  ),
  ai(
    'Vector databases',
    'vector database*, vector db*, vector store*, pgvector, pinecone, qdrant, weaviate, milvus, chroma, chromadb, faiss, basis data vektor, database vektor',
  ),
  ai(
    'Machine learning',
    'machine learning, deep learning, pembelajaran mesin, neural network*, tensorflow, pytorch, keras, scikit learn, sklearn, xgboost, lightgbm, hugging face, huggingface, transformers, bert, nlp, natural language processing, computer vision, fine tuning, fine tuned, mlops',
  ),
  generic('ai', 'AI', 'ai, artificial intelligence, kecerdasan buatan, a i'),

  messaging('Kafka', 'kafka, apache kafka, redpanda'),
  messaging('RabbitMQ', 'rabbitmq, rabbit mq, amqp, activemq'),
  messaging('NATS', 'nats, nats jetstream, mqtt, zeromq'),
  messaging(
    'Background jobs',
    'celery, sidekiq, bullmq, bull queue, resque, rq worker, temporal io, temporal workflow*, airflow, background job*, background worker*, async worker*, worker queue*, job queue*, task queue*, message queue*, message broker*, antrean pesan, antrian pesan, antrean pekerjaan, antrian pekerjaan, cron job*',
  ),
  generic(
    'messaging',
    'queues and workers',
    'queue, queues, worker, workers, asynchronous processing, long running, pemrosesan asinkron, antrean, antrian, asynchronous',
  ),

  devops(
    'Docker',
    'docker, docker compose, dockerfile, podman, containers, containerization, containerized, containerised, kontainer',
  ),
  devops('Kubernetes', 'kubernetes, k8s, helm, helm chart*, openshift, argocd, argo cd, istio'),
  devops('Terraform', 'terraform, pulumi, cloudformation, ansible, infrastructure as code, iac'),
  devops(
    'CI/CD',
    'ci cd, cicd, continuous integration, continuous delivery, continuous deployment, jenkins, github actions, gitlab ci, circleci, bitbucket pipelines',
  ),
  devops('Linux', 'linux, ubuntu, debian, nginx, apache http*'),
  devops(
    'Observability',
    'prometheus, grafana, opentelemetry, datadog, new relic, sentry, jaeger, elk stack, kibana, observability, distributed tracing',
  ),
  devops('Git', 'git, github, gitlab, bitbucket'),
  generic('devops', 'DevOps', 'devops, site reliability, sre, deployment pipeline*'),

  testing(
    'Unit testing',
    'unit test*, jest, pytest, junit, mocha, vitest, rspec, phpunit, pengujian unit, uji unit, test driven development, tdd, minitest',
  ),
  testing(
    'Integration testing',
    'integration test*, end to end test*, e2e test*, pengujian integrasi, cypress, playwright, selenium, postman, testcontainers, contract test*',
  ),
  testing('Load testing', 'load test*, k6, jmeter, locust, stress test*, pengujian beban'),
  generic(
    'testing',
    'automated tests',
    'automated test*, test coverage, testing, pengujian, pengujian otomatis, tested, automated testing, cakupan pengujian',
  ),

  architecture('Microservices', 'microservice*, micro service*, layanan mikro'),
  architecture(
    'Event-driven design',
    'event driven*, event sourcing, cqrs, berbasis peristiwa, publish subscribe',
  ),
  architecture(
    'Distributed systems',
    'distributed system*, sistem terdistribusi, high availability, fault toleran*, sharding, load balanc*, replication',
  ),
  architecture('Caching', 'caching, cache, cached, redis cache'),
  architecture(
    'Resilience',
    'circuit breaker*, retry, retries, idempoten*, rate limit*, backoff, back off, exponential backoff, dead letter*',
  ),
  generic(
    'architecture',
    'scalable design',
    'scalable, scalability, scaling, skalabel, skalabilitas, system design, desain sistem, software architecture, arsitektur perangkat lunak, reusable code, clean architecture, domain driven design',
  ),

  security(
    'Authentication',
    'oauth, oauth2, oauth 2, jwt, openid connect, sso, saml, keycloak, otentikasi, autentikasi, authentication',
  ),
  security(
    'Application security',
    'owasp, penetration test*, application security, encryption, enkripsi',
  ),

  data(
    'Data pipelines',
    'etl, elt, spark, apache spark, pyspark, hadoop, dbt, data pipeline*, pipeline data, data warehouse*, snowflake, apache flink, apache beam',
  ),
  data('Data analysis', 'pandas, numpy, tableau, power bi, looker, metabase, data analysis'),

  frontend('React', 'react js, reactjs, react, next js, nextjs, redux'),
  frontend('Vue', 'vue js, vuejs, vue, nuxt, nuxt js, nuxtjs'),
  frontend('Angular', 'angular, angularjs'),
  frontend('Svelte', 'svelte, sveltekit'),
  frontend(
    'HTML and CSS',
    'html, html5, css, css3, sass, scss, tailwind, tailwind css, tailwindcss, bootstrap, jquery',
  ),
  generic('frontend', 'frontend', 'frontend, front end, web interface*, user interface*'),

  mobile('Android', 'android, android studio, jetpack compose'),
  mobile('iOS', 'ios, swiftui, xcode'),
  mobile('React Native', 'react native'),
  mobile('Flutter', 'flutter'),
  generic('mobile', 'mobile', 'mobile app*, mobile development, aplikasi mobile, aplikasi seluler'),
];

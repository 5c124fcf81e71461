import { eventBusContract } from '../testing/index.ts';
import { createKafkaHarness, serverAddress } from '../testing/kafka/kafka-fixture.ts';

const brokers = serverAddress(process.env, 'KAFKA_BROKERS');

eventBusContract('Kafka', () => Promise.resolve(createKafkaHarness(brokers)));

/** One place that holds data: a folder, a bucket, a database. Made empty for each test. */
export type ContractSubject<Port, OpenOptions extends readonly unknown[] = []> = {
  /**
   * A new adapter on the same data, as another process would make it. Called several times: what
   * one has stored the next must find, whether or not the former was closed.
   */
  open(...options: OpenOptions): Promise<Port>;
  /** Closes everything it opened and removes the data. */
  dispose(): Promise<void>;
};

export type ContractFactory<Port, OpenOptions extends readonly unknown[] = []> = () => Promise<
  ContractSubject<Port, OpenOptions>
>;

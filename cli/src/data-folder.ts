import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { BerkasError, messageOf } from '@berkas/service-kit';

/** Makes the data folder, and says what to change where it cannot be one. */
export async function prepareDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new BerkasError(
      `The data folder ${folder} cannot be used (${messageOf(error)}). Set BERKAS_DATA_DIR to a folder that can be written to.`,
      { code: 'data_folder_unusable', retryable: false, cause: error },
    );
  }
}

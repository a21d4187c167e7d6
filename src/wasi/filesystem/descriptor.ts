/**
 * `wasi:filesystem/types`: {@link https://github.com/WebAssembly/wasi-filesystem/blob/v0.2.3/wit/types.wit}
 *
 * No descriptor can come into being yet, since nothing is preopened; every function refuses by its name all the same.
 *
 * @module
 */
import { Trap } from "../../component/error.ts";

function refuse(name: string): never {
  throw new Trap(`wasi:filesystem/types.${name} is not supported yet`);
}

/** `resource descriptor`. */
export class Descriptor {
  readViaStream(): never {
    refuse("[method]descriptor.read-via-stream");
  }
  writeViaStream(): never {
    refuse("[method]descriptor.write-via-stream");
  }
  appendViaStream(): never {
    refuse("[method]descriptor.append-via-stream");
  }
  advise(): never {
    refuse("[method]descriptor.advise");
  }
  syncData(): never {
    refuse("[method]descriptor.sync-data");
  }
  getFlags(): never {
    refuse("[method]descriptor.get-flags");
  }
  getType(): never {
    refuse("[method]descriptor.get-type");
  }
  setSize(): never {
    refuse("[method]descriptor.set-size");
  }
  setTimes(): never {
    refuse("[method]descriptor.set-times");
  }
  read(): never {
    refuse("[method]descriptor.read");
  }
  write(): never {
    refuse("[method]descriptor.write");
  }
  readDirectory(): never {
    refuse("[method]descriptor.read-directory");
  }
  sync(): never {
    refuse("[method]descriptor.sync");
  }
  createDirectoryAt(): never {
    refuse("[method]descriptor.create-directory-at");
  }
  stat(): never {
    refuse("[method]descriptor.stat");
  }
  statAt(): never {
    refuse("[method]descriptor.stat-at");
  }
  setTimesAt(): never {
    refuse("[method]descriptor.set-times-at");
  }
  linkAt(): never {
    refuse("[method]descriptor.link-at");
  }
  openAt(): never {
    refuse("[method]descriptor.open-at");
  }
  readlinkAt(): never {
    refuse("[method]descriptor.readlink-at");
  }
  removeDirectoryAt(): never {
    refuse("[method]descriptor.remove-directory-at");
  }
  renameAt(): never {
    refuse("[method]descriptor.rename-at");
  }
  symlinkAt(): never {
    refuse("[method]descriptor.symlink-at");
  }
  unlinkFileAt(): never {
    refuse("[method]descriptor.unlink-file-at");
  }
  isSameObject(): never {
    refuse("[method]descriptor.is-same-object");
  }
  metadataHash(): never {
    refuse("[method]descriptor.metadata-hash");
  }
  metadataHashAt(): never {
    refuse("[method]descriptor.metadata-hash-at");
  }
}

/** `resource directory-entry-stream`. */
export class DirectoryEntryStream {
  readDirectoryEntry(): never {
    refuse("[method]directory-entry-stream.read-directory-entry");
  }
}

import type { HeadObjectCommandInput, HeadObjectCommandOutput } from '@aws-sdk/client-s3'
import type { S3Call } from './s3-access.js'
import { s3Failure } from './s3-error.js'

/** Looks at an object. A HEAD answer has no body, so expired credentials and a denied access look alike: then GET says which it is.
 * @throws what the SDK throws */
export async function headObject(
  { sdk, client, send }: S3Call,
  input: HeadObjectCommandInput,
): Promise<HeadObjectCommandOutput> {
  try {
    return await client.send(new sdk.HeadObjectCommand(input), send)
  } catch (error) {
    const status = s3Failure(error)?.status
    if (status !== 400 && status !== 403) throw error
    const { ChecksumMode: _, ...object } = input
    const answer = await client.send(new sdk.GetObjectCommand({ ...object, Range: 'bytes=0-0' }), send)
    await answer.Body?.transformToByteArray()
    throw error
  }
}

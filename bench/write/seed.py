"""Puts objects as most tools leave them, without a SHA-256: `python seed.py <bucket> <prefix> <count> <bytes>`."""

import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

BUCKET, PREFIX, COUNT, SIZE = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
s3 = boto3.client("s3", config=Config(request_checksum_calculation="when_required", max_pool_connections=16))


def put(index):
    body = f"{index} ".encode() * SIZE
    s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}batch-{index % 100:02}/{index:06}.txt", Body=body[:SIZE])


with ThreadPoolExecutor(16) as pool:
    for _ in pool.map(put, range(COUNT)):
        pass
print("{}")
